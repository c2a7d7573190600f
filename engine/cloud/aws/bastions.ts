import type { Instance } from '@aws-sdk/client-ec2'
import type { ObservedBastion } from '../provider.ts'
import { isAlive, stateOf } from './inventory.ts'
import { BASTION_TAG, indexOfBastionId, tagValue } from './tags.ts'

/** US dollars an hour of a type in a zone, keyed `type zone`. */
export type SpotPrices = ReadonlyMap<string, number>

export const bastionIdOf = ({ Tags }: Instance): string => tagValue(Tags, BASTION_TAG)

const launchedAtMs = ({ LaunchTime }: Instance): number => LaunchTime?.getTime() ?? 0

/** The eldest first: of two instances under one name the eldest is the bastion. */
const byAge = (a: Instance, b: Instance): number =>
  launchedAtMs(a) - launchedAtMs(b) || (a.InstanceId ?? '').localeCompare(b.InstanceId ?? '', 'en')

/** Instances by the bastion they are, the eldest first; those of no bastion are left out. */
export const groupByBastion = (instances: readonly Instance[]): ReadonlyMap<string, readonly Instance[]> => {
  const ours = instances.filter((instance) => indexOfBastionId(bastionIdOf(instance)) !== null).sort(byAge)
  return Map.groupBy(ours, bastionIdOf)
}

/** Of the instances of one bastion: the one it is, and those that are too many. */
export const chooseInstance = (
  instances: readonly Instance[],
): { readonly chosen: Instance | null; readonly surplus: readonly Instance[] } => {
  const [chosen = null, ...surplus] = instances.filter(isAlive).sort(byAge)
  return { chosen, surplus }
}

/** The state of a bastion, by its instance's; `null` for one that has ended. */
const bastionState = (instance: Instance): ObservedBastion['state'] | null => {
  const state = stateOf(instance)
  if (state === 'running') return 'running'
  if (state === 'pending') return 'booting'
  return state === 'stopping' || state === 'stopped' ? 'failed' : null
}

/** An instance as the engine sees it. */
export const bastionOfInstance = (
  instance: Instance,
  privateCidr: string,
  spotPrices: SpotPrices = new Map(),
): ObservedBastion | null => {
  const id = bastionIdOf(instance)
  const index = indexOfBastionId(id)
  const state = bastionState(instance)
  if (index === null || state === null) return null
  const [instanceType, zone] = [instance.InstanceType ?? '', instance.Placement?.AvailabilityZone ?? '']
  const isSpot = instance.InstanceLifecycle === 'spot'
  return {
    id,
    index,
    state,
    publicAddress: instance.PublicIpAddress ?? '',
    privateCidr,
    resourceAddress: null,
    brokenSlots: [],
    machine: {
      instanceId: instance.InstanceId ?? '',
      instanceType,
      zone,
      market: isSpot ? 'spot' : 'on-demand',
      spotUsdPerHour: isSpot ? (spotPrices.get(`${instanceType} ${zone}`) ?? null) : null,
      launchedAtMs: launchedAtMs(instance),
    },
  }
}

/** The bastions that are there, by number; one that was stopped counts as failed, unless another lives in its place. */
export const bastionsOf = (
  instances: readonly Instance[],
  privateCidr: string,
  spotPrices: SpotPrices,
): ObservedBastion[] =>
  [...groupByBastion(instances).values()]
    .flatMap((each) => {
      const { chosen } = chooseInstance(each)
      const candidates = chosen === null ? each : [chosen]
      return candidates.flatMap((instance) => bastionOfInstance(instance, privateCidr, spotPrices) ?? []).slice(-1)
    })
    .sort((a, b) => a.index - b.index)
