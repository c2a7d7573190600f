import type { OutputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { HostState } from '../../domain/host-state.ts'
import type { CloudProvider, HelperClient } from '../cloud/provider.ts'
import { applyConfirmed } from '../host/apply-confirmed.ts'

type Operations = OutputOf<HelperContract, 'apply'>['operations']

const applyOnce = async (
  { id, host }: CloudProvider,
  helper: HelperClient,
  state: HostState,
  signal: AbortSignal,
): Promise<Operations> => {
  const { generation } = await helper.call('hello', {}, { signal })
  // In the lab nobody can be cut off: its near end is a world of its own.
  const applied =
    id === 'lab'
      ? await helper.call('apply', { generation, state }, { signal })
      : await applyConfirmed(host.find, helper, state, generation, signal)
  return applied.operations
}

/** Has the helper make the host so; where somebody wrote between our look and our write, once more. */
export const applyState = async (
  provider: CloudProvider,
  helper: HelperClient,
  state: HostState,
  signal: AbortSignal,
): Promise<Operations> => {
  try {
    return await applyOnce(provider, helper, state, signal)
  } catch (error) {
    if (!(error instanceof MoleError) || error.code !== 'conflict') throw error
    return applyOnce(provider, helper, state, signal)
  }
}
