import {
  CancelSpotInstanceRequestsCommand,
  DeleteSecurityGroupCommand,
  type SecurityGroup,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import type { Tell, Whose } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { bastionIdOf } from './bastions.ts'
import { awsCodeOf } from './error-kinds.ts'
import { type Holdings, leftoversOf, observeHoldings } from './holdings.ts'
import { exists } from './inventory.ts'
import { removeRoute } from './routes.ts'
import { endInstances } from './terminate-instances.ts'
import type { YoungGroups } from './young-groups.ts'

const POLL_MS = 2000
/** Everything was sent away: the next look is the proof. */
const LAST_LOOK_MS = 500
/** Instances are gone within a minute or two, as a rule; their network interfaces soon after. */
const LIMIT_MS = 600_000

const isCode = (error: unknown, codes: RegExp): boolean =>
  error instanceof MoleError && codes.test(awsCodeOf(error.cause))

const stuck = (left: readonly string[], why: string): MoleError =>
  new MoleError('timeout', `${left.length} of the deployment’s things in AWS did not go away.`, {
    field: left[0] ?? 'AWS',
    meaning: `Still there after ${LIMIT_MS / 60_000} minutes: ${left.join('; ')}.${why}`,
    nextStep: 'Ask again. If it stays so, look at them in the console: something else may hold on to them.',
  })

const cancelRequests = async (
  access: AwsAccess,
  requests: readonly SpotInstanceRequest[],
  tell: Tell,
): Promise<void> => {
  const SpotInstanceRequestIds = requests
    .filter(({ State }) => State === 'open' || State === 'active')
    .map(({ SpotInstanceRequestId = '' }) => SpotInstanceRequestId)
  if (SpotInstanceRequestIds.length === 0) return
  const cancel = new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds })
  try {
    await access.ask('taking Spot requests back', ({ ec2 }, options) => ec2.send(cancel, options))
    tell(`Spot requests taken back: ${SpotInstanceRequestIds.join(', ')}`)
  } catch (error) {
    if (!isCode(error, /^InvalidSpotInstanceRequestID\.NotFound$/)) throw error
  }
}

/** @returns why it cannot go yet; `''` when it went. */
const deleteGroup = async (access: AwsAccess, { GroupId }: SecurityGroup, tell: Tell): Promise<string> => {
  const removal = new DeleteSecurityGroupCommand({ GroupId })
  try {
    await access.ask('deleting the security group', ({ ec2 }, options) => ec2.send(removal, options))
    tell(`security group ${GroupId} deleted`)
    return ''
  } catch (error) {
    // In use until the interfaces of ended instances are gone, also of instances that are not listed yet.
    if (isCode(error, /^(DependencyViolation|InvalidGroup\.InUse)$/))
      return ` AWS: ${(error as MoleError).data.meaning}`
    // Gone, or not known everywhere yet: the next look tells.
    if (isCode(error, /^InvalidGroup(Id)?\.NotFound$/)) return ' AWS does not find it.'
    throw error
  }
}

/** One round over what is there: whatever can go now is sent away. @returns why some of it cannot go yet. */
const sendAway = async (
  access: AwsAccess,
  holdings: Holdings,
  tell: Tell,
  onGroupDeleted: () => void,
): Promise<string> => {
  // While the interfaces live it can be seen whose the routes are.
  for (const route of holdings.routes) {
    await removeRoute(access, route)
    tell(`route to ${route.cidr} taken out of ${route.tableId}`)
  }
  await cancelRequests(access, holdings.spotRequests, tell)
  await endInstances(access, holdings.instances, tell)
  if (holdings.instances.some(exists) || holdings.interfaces.length > 0) return ''
  const reasons: string[] = []
  for (const group of holdings.groups) {
    const reason = await deleteGroup(access, group, tell)
    if (reason === '') onGroupDeleted()
    reasons.push(reason)
  }
  return reasons.join('')
}

/** Looks, acts and waits, round by round, until nothing is left of what `look` shows. */
export const untilGone = async (
  access: AwsAccess,
  look: () => Promise<Holdings>,
  tell: Tell,
  onGroupDeleted: () => void = () => undefined,
): Promise<void> => {
  const { clock, signal } = access
  const startedMs = clock.monotonicMs()
  let last = ''
  for (;;) {
    const holdings = await look()
    const left = leftoversOf(holdings)
    if (left.length === 0) return
    const why = await sendAway(access, holdings, tell, onGroupDeleted)
    const isAllSent = why === '' && !holdings.instances.some(exists) && holdings.interfaces.length === 0
    const waiting = `waiting for ${left.length === 1 ? left[0] : `${left.length} things`} to go`
    if (!isAllSent && waiting !== last) tell(waiting)
    last = waiting
    if (clock.monotonicMs() - startedMs > LIMIT_MS) throw stuck(left, why)
    await clock.sleep(isAllSent ? LAST_LOOK_MS : POLL_MS, signal)
  }
}

/**
 * Takes away everything that carries the deployment's tag: routes, Spot requests, instances, then the security group;
 * volumes and network interfaces go with their instances.
 * @throws MoleError `timeout` naming what does not go.
 */
export const removeDeployment = (access: AwsAccess, whose: Whose, young: YoungGroups, tell: Tell): Promise<void> =>
  untilGone(
    access,
    async () => young.complete(whose.id, await observeHoldings(access, whose)),
    tell,
    () => young.seen(whose.id),
  )

/** Ends the instances of some bastions, and what goes with them; the security group stays. */
export const terminateBastions = (
  access: AwsAccess,
  whose: Whose,
  bastionIds: readonly string[],
  tell: Tell,
): Promise<void> =>
  untilGone(
    access,
    async () => {
      const all = await observeHoldings(access, whose)
      const instances = all.instances.filter((instance) => bastionIds.includes(bastionIdOf(instance)))
      const ids = new Set(instances.map(({ InstanceId }) => InstanceId))
      const interfaces = new Set(
        instances.flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces.map((each) => each.NetworkInterfaceId)),
      )
      return {
        instances,
        routes: all.routes.filter(({ target }) => interfaces.has(target)),
        spotRequests: all.spotRequests.filter(({ InstanceId }) => ids.has(InstanceId)),
        // They carry the bastion's tag no more surely than the instance; they go with it.
        volumes: [],
        interfaces: [],
        groups: [],
      }
    },
    tell,
  )
