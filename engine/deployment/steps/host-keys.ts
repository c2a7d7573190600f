import { MoleError } from '../../../contract/errors.ts'
import { hostKeyName, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import type { HelperClient } from '../../cloud/provider.ts'

/** A bastion is made with every slot it can ever carry, so that scaling needs nothing of it. */
export const ALL_SLOTS: readonly number[] = Array.from({ length: MAX_TUNNELS_PER_BASTION }, (_, index) => index + 1)

export const hostKeyNames = (deploymentId: string): string[] => ALL_SLOTS.map((slot) => hostKeyName(deploymentId, slot))

/** The DTN's public key of each slot, in slot order; made where missing. */
export const ensureHostKeys = async (
  helper: HelperClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<string[]> => {
  const names = hostKeyNames(deploymentId)
  const { publicKeys } = await helper.call('keys.ensure', { names }, { signal })
  return names.map((name) => {
    const key = publicKeys[name]
    if (key === undefined) throw new MoleError('internal', `The helper made no key named ${name}.`)
    return key
  })
}
