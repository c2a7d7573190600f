import type { CloudResource } from '../../../contract/app.ts'
import type { Whose } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { exists, type Inventory, observeInventory, stateOf } from './inventory.ts'
import { findOurRoutes, type OurRoute } from './routes.ts'
import { tagValue } from './tags.ts'

/** All that a deployment has in the cloud. */
export type Holdings = Inventory & { readonly routes: readonly OurRoute[] }

/** Ids of all network interfaces that carry the deployment's tag, and of those of its instances. */
export const interfaceIds = ({ interfaces, instances }: Inventory): ReadonlySet<string> =>
  new Set([
    ...interfaces.map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId),
    ...instances.flatMap(({ NetworkInterfaces = [] }) =>
      NetworkInterfaces.map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId),
    ),
  ])

/** Looks at every type of thing that we make. */
export const observeHoldings = async (access: AwsAccess, { id, plan }: Whose): Promise<Holdings> => {
  const inventory = await observeInventory(access, id)
  const vpcId = plan.aws?.vpcId ?? null
  if (plan.aws?.routing !== 'routes' || vpcId === null) return { ...inventory, routes: [] }
  return { ...inventory, routes: await findOurRoutes(access, { plan, vpcId, ours: interfaceIds(inventory) }) }
}

const isOpenRequest = ({ State }: { readonly State?: string | undefined }): boolean =>
  State === 'open' || State === 'active'

const words = (...parts: readonly (string | number | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(', ')

/** What exists, one by one, for people. What has ended and is only remembered by AWS is not in it. Pure. */
export const resourcesOf = (holdings: Holdings): CloudResource[] => [
  ...holdings.instances.filter(exists).map((instance) => ({
    kind: 'instance',
    id: instance.InstanceId ?? '',
    name: tagValue(instance.Tags, 'Name'),
    state: stateOf(instance),
    detail: words(
      instance.InstanceType,
      instance.Placement?.AvailabilityZone,
      instance.InstanceLifecycle === 'spot' ? 'Spot' : 'on-demand',
      instance.PublicIpAddress,
    ),
  })),
  ...holdings.volumes
    .filter(({ State }) => State !== 'deleted')
    .map((volume) => ({
      kind: 'volume',
      id: volume.VolumeId ?? '',
      name: tagValue(volume.Tags, 'Name'),
      state: volume.State ?? 'unknown',
      detail: words(
        volume.Size === undefined ? undefined : `${volume.Size} GB`,
        volume.VolumeType,
        volume.Encrypted === true ? 'encrypted' : 'not encrypted',
      ),
    })),
  ...holdings.interfaces.map((each) => ({
    kind: 'network interface',
    id: each.NetworkInterfaceId ?? '',
    name: tagValue(each.TagSet, 'Name'),
    state: each.Status ?? 'unknown',
    detail: words(each.PrivateIpAddress, each.SubnetId),
  })),
  ...holdings.spotRequests.filter(isOpenRequest).map((request) => ({
    kind: 'spot request',
    id: request.SpotInstanceRequestId ?? '',
    name: tagValue(request.Tags, 'Name'),
    state: request.State ?? 'unknown',
    detail: words(request.Status?.Code, request.InstanceId),
  })),
  ...holdings.routes.map(({ tableId, cidr, target }) => ({
    kind: 'route',
    id: `${tableId} ${cidr}`,
    name: cidr,
    state: 'active',
    detail: `to ${target}`,
  })),
  ...holdings.groups.map((group) => ({
    kind: 'security group',
    id: group.GroupId ?? '',
    name: group.GroupName ?? '',
    state: 'available',
    detail: group.VpcId ?? '',
  })),
]

/** What is still there, named; `[]` is the proof that nothing is. */
export const leftoversOf = (holdings: Holdings): string[] =>
  resourcesOf(holdings).map(({ kind, id, state }) => `${kind} ${id} (${state})`)
