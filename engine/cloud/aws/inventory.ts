import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  type Filter,
  type Instance,
  type NetworkInterface,
  type SecurityGroup,
  type SpotInstanceRequest,
  type Volume,
} from '@aws-sdk/client-ec2'
import type { AwsAccess } from './access.ts'
import { ANY_DEPLOYMENT, deploymentFilter } from './tags.ts'

/** Everything that carries the tag of a deployment. Ended instances stay in it for about an hour. */
export type Inventory = {
  readonly instances: readonly Instance[]
  readonly volumes: readonly Volume[]
  readonly interfaces: readonly NetworkInterface[]
  readonly groups: readonly SecurityGroup[]
  readonly spotRequests: readonly SpotInstanceRequest[]
}

export const listInstances = (access: AwsAccess, Filters: Filter[]): Promise<Instance[]> =>
  access.list('listing instances', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeInstancesCommand({ Filters, NextToken }), options)
    return { items: answer.Reservations?.flatMap(({ Instances = [] }) => Instances), next: answer.NextToken }
  })

export const listInterfaces = (access: AwsAccess, Filters: Filter[]): Promise<NetworkInterface[]> =>
  access.list('listing network interfaces', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters, NextToken }), options)
    return { items: answer.NetworkInterfaces, next: answer.NextToken }
  })

export const listGroups = (access: AwsAccess, Filters: Filter[]): Promise<SecurityGroup[]> =>
  access.list('listing security groups', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeSecurityGroupsCommand({ Filters, NextToken }), options)
    return { items: answer.SecurityGroups, next: answer.NextToken }
  })

const listVolumes = (access: AwsAccess, Filters: Filter[]): Promise<Volume[]> =>
  access.list('listing volumes', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeVolumesCommand({ Filters, NextToken }), options)
    return { items: answer.Volumes, next: answer.NextToken }
  })

const listSpotRequests = (access: AwsAccess, Filters: Filter[]): Promise<SpotInstanceRequest[]> =>
  access.list('listing Spot requests', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeSpotInstanceRequestsCommand({ Filters, NextToken }), options)
    return { items: answer.SpotInstanceRequests, next: answer.NextToken }
  })

/** Lists every type of thing that we make, by the deployment's tag; `null`: with the tag of any deployment. */
export const observeInventory = async (access: AwsAccess, deploymentId: string | null): Promise<Inventory> => {
  const filters = [deploymentId === null ? ANY_DEPLOYMENT : deploymentFilter(deploymentId)]
  const [instances, volumes, interfaces, groups, spotRequests] = await Promise.all([
    listInstances(access, filters),
    listVolumes(access, filters),
    listInterfaces(access, filters),
    listGroups(access, filters),
    listSpotRequests(access, filters),
  ])
  return { instances, volumes, interfaces, groups, spotRequests }
}

/** State of an instance, `pending` … `terminated`. */
export const stateOf = ({ State }: Instance): string => State?.Name ?? 'unknown'

/** It runs, or is about to. */
export const isAlive = (instance: Instance): boolean => ['pending', 'running'].includes(stateOf(instance))

/** It still exists: everything but `terminated`, which is only remembered. */
export const exists = (instance: Instance): boolean => stateOf(instance) !== 'terminated'
