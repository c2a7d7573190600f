import { DescribeRouteTablesCommand, type RouteTable, type Tag } from '@aws-sdk/client-ec2'
import type { FoundDeployment } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import type { Tell } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { type Holdings, interfaceIds, leftoversOf, resourcesOf } from './holdings.ts'
import { type Inventory, observeInventory } from './inventory.ts'
import { untilGone } from './removal.ts'
import { isLent, type OurRoute } from './routes.ts'
import { DEPLOYMENT_TAG, tagValue } from './tags.ts'

type Tagged = { readonly Tags?: Tag[] | undefined; readonly TagSet?: Tag[] | undefined }

const deploymentOf = ({ Tags, TagSet }: Tagged): string => tagValue(Tags ?? TagSet, DEPLOYMENT_TAG)

/** As we name deployments, and as the published policy lets them be removed; no pattern that AWS's filters know is one. */
const DEPLOYMENT_ID = /^aws-[0-9a-z]{1,32}$/

const idsIn = (inventory: Inventory): string[] =>
  [...new Set(Object.values(inventory).flatMap((things: readonly Tagged[]) => things.map(deploymentOf)))]
    .filter((id) => DEPLOYMENT_ID.test(id))
    .sort((a, b) => a.localeCompare(b, 'en'))

/** What carries the tag of this very deployment. Asked for by tag or not, nothing else gets through. */
const inventoryOf = (inventory: Inventory, id: string): Inventory => {
  const isIts = (thing: Tagged): boolean => deploymentOf(thing) === id
  return {
    instances: inventory.instances.filter(isIts),
    volumes: inventory.volumes.filter(isIts),
    interfaces: inventory.interfaces.filter(isIts),
    groups: inventory.groups.filter(isIts),
    spotRequests: inventory.spotRequests.filter(isIts),
  }
}

const listAllRouteTables = (access: AwsAccess): Promise<RouteTable[]> =>
  access.list('listing route tables', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeRouteTablesCommand({ NextToken }), options)
    return { items: answer.RouteTables, next: answer.NextToken }
  })

/** Routes that lead to interfaces of a deployment, in tables marked for us: they carry no tag, their target does. */
const routesTo = (interfaces: ReadonlySet<string>, tables: readonly RouteTable[]): OurRoute[] =>
  tables
    .filter(isLent)
    .flatMap(({ RouteTableId = '', Routes = [] }) =>
      Routes.flatMap(({ DestinationCidrBlock, NetworkInterfaceId: target }) =>
        DestinationCidrBlock !== undefined && target !== undefined && interfaces.has(target)
          ? [{ tableId: RouteTableId, cidr: DestinationCidrBlock, target }]
          : [],
      ),
    )

/** What is there with the tag, and whose it is. `id`: of one deployment; `null`: of all. */
const observeTagged = async (access: AwsAccess, id: string | null): Promise<ReadonlyMap<string, Holdings>> => {
  const inventory = await observeInventory(access, id)
  const tables = interfaceIds(inventory).size === 0 ? [] : await listAllRouteTables(access)
  return new Map(
    idsIn(inventory).map((deployment) => {
      const own = inventoryOf(inventory, deployment)
      return [deployment, { ...own, routes: routesTo(interfaceIds(own), tables) }]
    }),
  )
}

const NOTHING: Holdings = { instances: [], volumes: [], interfaces: [], groups: [], spotRequests: [], routes: [] }

/** Everything in the region that carries our tag, by deployment: also what lost state or other machines left. */
export const findDeployments = async (access: AwsAccess): Promise<Omit<FoundDeployment, 'isOurs'>[]> => {
  const found = await observeTagged(access, null)
  return [...found]
    .map(([deployment, holdings]) => ({ deployment, resources: resourcesOf(holdings) }))
    .filter(({ resources }) => resources.length > 0)
}

const isInUse = (id: string): MoleError =>
  new MoleError('conflict', `${id} is in use here.`, {
    field: 'deployments',
    meaning: 'Sweeping is for what is left over; tunnels that are up, or a probe, would be cut. Nothing was removed.',
    nextStep: 'Take it down with "mole down", wait for the end of the probe, or leave it out.',
  })

const noName = (id: string): MoleError =>
  new MoleError('bad-input', `"${id}" is not the name of a deployment in AWS.`, {
    field: 'deployments',
    meaning: 'Nothing was removed.',
    nextStep: 'Names are such as aws-3f9c2a; "mole down --cleanup-all" shows what there is.',
  })

const notGone = (id: string, left: readonly string[]): MoleError =>
  new MoleError('drift', `${id} is not gone whole.`, {
    field: id,
    meaning: `After the removal AWS still lists: ${left.join('; ')}.`,
    nextStep: 'Somebody else may be making it anew. Look at it again: "mole down --cleanup-all".',
  })

const sweep = async (access: AwsAccess, id: string, tell: Tell): Promise<void> => {
  const look = async (): Promise<Holdings> => (await observeTagged(access, id)).get(id) ?? NOTHING
  const there = leftoversOf(await look())
  if (there.length === 0) return tell('nothing is there')
  tell(`found ${there.join('; ')}`)
  await untilGone(access, look, tell)
  const left = leftoversOf(await look())
  if (left.length > 0) throw notGone(id, left)
  tell('listed again by its tag: nothing is left')
}

/**
 * Takes deployments away, each by its tag alone, one after the other, and proves it by listing again.
 * @param idsHere those that are up here, or measured towards; they are refused
 * @returns what was done, line by line
 * @throws MoleError `conflict` and `bad-input` before anything is removed; `timeout` or `drift` when something does not go.
 */
export const sweepDeployments = async (
  access: AwsAccess,
  deployments: readonly string[],
  idsHere: readonly string[],
): Promise<string[]> => {
  const inUse = deployments.find((id) => idsHere.includes(id))
  if (inUse !== undefined) throw isInUse(inUse)
  const strange = deployments.find((id) => !DEPLOYMENT_ID.test(id))
  if (strange !== undefined) throw noName(strange)
  const log: string[] = []
  for (const id of new Set(deployments)) await sweep(access, id, (line) => log.push(`${id}: ${line}`))
  return log
}
