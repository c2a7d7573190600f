import type { Filter, Instance } from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import type { BastionRequest, ObservedBastion, Tell } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { bastionOfInstance, chooseInstance } from './bastions.ts'
import { observeInstanceTypes } from './instance-types.ts'
import { isAlive, listInstances, stateOf } from './inventory.ts'
import { mendInstances } from './mend-instances.ts'
import { planPlacements } from './placements.ts'
import { observePlaces } from './places.ts'
import { isTokenUsed, runInstance } from './run-instance.ts'
import { awaitGroup } from './security-group.ts'
import { BASTION_TAG, deploymentFilter } from './tags.ts'
import { endInstances } from './terminate-instances.ts'
import { renderUserData } from './user-data.ts'

const POLL_MS = 1500
/** Seconds as a rule; what was just made is known everywhere after two minutes at the latest. */
const LIMIT_MS = 180_000

const listBastion = ({ id, bastionId }: BastionRequest, access: AwsAccess): Promise<Instance[]> => {
  const filters: Filter[] = [deploymentFilter(id), { Name: `tag:${BASTION_TAG}`, Values: [bastionId] }]
  return listInstances(access, filters)
}

const ENDED: Readonly<Record<string, MoleError['code']>> = {
  'Server.InsufficientInstanceCapacity': 'capacity',
  'Server.SpotInstanceTermination': 'capacity',
  'Client.VolumeLimitExceeded': 'quota-exceeded',
}

const endedAtOnce = (instance: Instance, bastionId: string): MoleError =>
  new MoleError(
    ENDED[instance.StateReason?.Code ?? ''] ?? 'not-available',
    `The instance of ${bastionId} ended as soon as it was launched.`,
    {
      field: instance.InstanceId ?? bastionId,
      meaning: `AWS: ${instance.StateReason?.Code ?? 'no reason given'}: ${instance.StateReason?.Message ?? ''}`,
      nextStep:
        'Ask again: another one is launched. If it stays so, choose another instance type (aws.instance_types).',
    },
  )

const tooSlow = (bastionId: string, instanceId: string | null): MoleError =>
  new MoleError('timeout', `${bastionId} was launched and got no public address within ${LIMIT_MS / 1000} s.`, {
    field: instanceId ?? bastionId,
    meaning: 'AWS is slow to tell of it, or something takes the address away.',
    nextStep: 'Ask again: what was made is found by its tag and taken over.',
  })

const isReady = (instance: Instance): boolean =>
  isAlive(instance) && (instance.PublicIpAddress ?? '') !== '' && (instance.NetworkInterfaces ?? []).length > 0

/**
 * Waits until the bastion's instance is seen with its public address.
 * @param instanceId the one that was launched; `null` for whichever carries the bastion's tag
 */
const awaitAddress = async (
  access: AwsAccess,
  request: BastionRequest,
  instanceId: string | null,
): Promise<Instance> => {
  const { clock, signal } = access
  const startedMs = clock.monotonicMs()
  for (;;) {
    const all = await listBastion(request, access)
    const { chosen } = chooseInstance(all)
    if (chosen !== null && isReady(chosen)) return chosen
    const own = all.find(({ InstanceId }) => InstanceId === instanceId)
    if (chosen === null && own !== undefined && !isAlive(own)) throw endedAtOnce(own, request.bastionId)
    if (clock.monotonicMs() - startedMs > LIMIT_MS) throw tooSlow(request.bastionId, instanceId)
    await clock.sleep(POLL_MS, signal)
  }
}

/** What kind of bastion: what it does when it boots, and whether it forwards. */
export type BastionKind = {
  readonly forwards: boolean
  renderUserData(request: BastionRequest): Promise<string>
}

const OF_TUNNELS: BastionKind = {
  forwards: true,
  renderUserData: ({ plan, index, hostPublicKeys }) => renderUserData(plan, index, hostPublicKeys),
}

const launchNew = async (
  access: AwsAccess,
  request: BastionRequest,
  dead: readonly Instance[],
  kind: BastionKind,
  tell: Tell,
): Promise<string | null> => {
  const { id, plan, index } = request
  const vpcId = plan.aws?.vpcId ?? ''
  const [group, types, places, userData] = await Promise.all([
    awaitGroup(access, id, vpcId),
    observeInstanceTypes(access, plan.aws?.instanceTypes ?? []),
    observePlaces(access, plan.aws?.subnetIds ?? []),
    kind.renderUserData(request),
  ])
  const launching = {
    request,
    placements: planPlacements(index, types, places),
    groupId: group.GroupId ?? '',
    userData,
    spentTokens: new Set(dead.flatMap(({ ClientToken }) => ClientToken ?? [])),
  }
  try {
    return await runInstance(access, launching, tell)
  } catch (error) {
    if (!isTokenUsed(error)) throw error
    tell(`${request.bastionId}: this launch was made before; looking for its instance`)
    return null
  }
}

/**
 * Launches a bastion's instance, or takes over the one that an earlier try has launched, and makes it forward.
 * @throws MoleError `capacity` when there is no room anywhere, `quota-exceeded`, `denied`, `credentials-expired`, `timeout`.
 */
export const launchBastion = async (
  access: AwsAccess,
  request: BastionRequest,
  tell: Tell,
  kind: BastionKind = OF_TUNNELS,
): Promise<ObservedBastion> => {
  const before = await listBastion(request, access)
  const { chosen } = chooseInstance(before)
  if (chosen !== null) tell(`${request.bastionId} is there already: ${chosen.InstanceId}`)
  const dead = before.filter((instance) => !isAlive(instance))
  // Stopped by somebody: it would cost its disk, and come back under a name that is taken.
  await endInstances(access, dead, tell)
  const instanceId = chosen?.InstanceId ?? (await launchNew(access, request, dead, kind, tell))
  const instance = await awaitAddress(access, request, instanceId)
  await mendInstances(access, request, tell, null, kind.forwards)
  const bastion = bastionOfInstance(instance, request.plan.privateCidr)
  if (bastion === null) throw endedAtOnce(instance, request.bastionId)
  tell(`${request.bastionId}: ${bastion.publicAddress}, ${stateOf(instance)}`)
  return bastion
}
