import { MoleError } from '../../../contract/errors.ts'
import { hostKeyName, slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import type { HelperClient } from '../../cloud/provider.ts'

export const hostKeyNames = (deploymentId: string, bastion: number): string[] =>
  slotsOfBastion(bastion).map((slot) => hostKeyName(deploymentId, slot))

/**
 * The DTN's public key of each slot of a bastion, in slot order; made where missing. A bastion is made with every slot
 * it can ever carry, so that scaling needs nothing of it.
 */
export const ensureHostKeys = async (
  helper: HelperClient,
  deploymentId: string,
  bastion: number,
  signal: AbortSignal,
): Promise<string[]> => {
  const names = hostKeyNames(deploymentId, bastion)
  const { publicKeys } = await helper.call('keys.ensure', { names }, { signal })
  return names.map((name) => {
    const key = publicKeys[name]
    if (key === undefined) throw new MoleError('internal', `The helper made no key named ${name}.`)
    return key
  })
}
