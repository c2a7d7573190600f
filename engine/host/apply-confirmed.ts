import type { OutputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { HostState } from '../../domain/host-state.ts'
import type { HelperClient } from '../cloud/provider.ts'

/** The helper undoes a change by itself when nobody has confirmed it by then. */
const CONFIRM_WITHIN_SECONDS = 30

const notConfirmed = (cause: unknown): MoleError =>
  new MoleError(
    'helper-unreachable',
    'The helper could not be reached again after it changed the network of this machine.',
    {
      field: 'helper',
      meaning: `The change undoes itself within ${CONFIRM_WITHIN_SECONDS} s of when it was made.`,
      nextStep: 'Wait until then and try again.',
    },
    { cause },
  )

/**
 * Makes the host as planned, and confirms it over a connection of its own: a change after which the helper cannot be
 * reached any more undoes itself. `connectFresh` must give a new connection; it is closed again.
 * @throws MoleError what `apply` and `confirm` throw (`conflict`: another generation); `helper-unreachable` when there is
 *   no fresh connection; the signal's reason.
 */
export const applyConfirmed = async (
  connectFresh: () => Promise<HelperClient | null>,
  helper: HelperClient,
  state: HostState,
  generation: number,
  signal: AbortSignal,
): Promise<OutputOf<HelperContract, 'apply'>> => {
  const input = { generation, state, confirmWithinSeconds: CONFIRM_WITHIN_SECONDS }
  const applied = await helper.call('apply', input, { signal })
  const fresh = await connectFresh().catch((error: unknown) => {
    throw notConfirmed(error)
  })
  if (fresh === null) throw notConfirmed(null)
  try {
    await fresh.call('confirm', { generation: applied.generation }, { signal })
  } finally {
    fresh.close()
  }
  return applied
}
