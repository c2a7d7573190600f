import { createHash } from 'node:crypto'
import { MoleError } from '../../../contract/errors.ts'
import { hostKeyName, slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import type { HelperClient } from '../../cloud/provider.ts'
import type { BastionRecord, LaneOf } from '../../store/deployment-table.ts'

/** Names of the DTN's keys for these lanes. */
export const keyNamesOf = (deploymentId: string, lanes: readonly LaneOf[]): string[] =>
  lanes.map(({ slot, lane }) => hostKeyName(deploymentId, slot, lane))

const laneOfEach = (bastion: number, lane: LaneOf['lane']): LaneOf[] =>
  slotsOfBastion(bastion).map((slot) => ({ slot, lane }))

/** Names of the keys a bastion boots with, one of each of its slots. */
export const bootKeyNames = (deploymentId: string, bastion: number): string[] =>
  keyNamesOf(deploymentId, laneOfEach(bastion, 0))

/** Names of every key this host may ever have had for a bastion. */
export const everyKeyName = (deploymentId: string, bastion: number): string[] =>
  keyNamesOf(deploymentId, [...laneOfEach(bastion, 0), ...laneOfEach(bastion, 1)])

/** What tells one set of the DTN's keys, in slot order, from another. */
export const digestOfKeys = (publicKeys: readonly string[]): string =>
  createHash('sha256').update(publicKeys.join('\n')).digest('base64url')

const ensureKeys = async (helper: HelperClient, names: string[], signal: AbortSignal): Promise<string[]> => {
  const { publicKeys } = await helper.call('keys.ensure', { names }, { signal })
  return names.map((name) => {
    const key = publicKeys[name]
    if (key === undefined) throw new MoleError('internal', `The helper made no key named ${name}.`)
    return key
  })
}

/**
 * The DTN's public key of each slot of a bastion that is to be launched, in slot order; made where missing. A bastion is
 * made with every slot it can ever carry, so that scaling needs nothing of it.
 */
export const ensureHostKeys = (
  helper: HelperClient,
  deploymentId: string,
  bastion: number,
  signal: AbortSignal,
): Promise<string[]> => ensureKeys(helper, bootKeyNames(deploymentId, bastion), signal)

/**
 * The DTN's public keys that a bastion trusts by what is recorded of it, in slot order: those of the ends that carry, and
 * those it boots with where no end is known. Made where missing.
 */
export const ensureTrustedKeys = (
  helper: HelperClient,
  deploymentId: string,
  { index, ends }: Pick<BastionRecord, 'index' | 'ends'>,
  signal: AbortSignal,
): Promise<string[]> => {
  const carrying = (ends ?? []).filter(({ role }) => role === 'carrying')
  const lanes = laneOfEach(index, 0).map((boot) => carrying.find(({ slot }) => slot === boot.slot) ?? boot)
  return ensureKeys(helper, keyNamesOf(deploymentId, lanes), signal)
}
