import {
  CreateRouteCommand,
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  type Filter,
  ReplaceRouteCommand,
  type Route,
  type RouteTable,
} from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { AwsAccess } from './access.ts'
import { ROUTES_TAG } from './calls.ts'
import { awsCodeOf } from './error-kinds.ts'
import { listInterfaces } from './inventory.ts'
import { tagValue } from './tags.ts'

export const listRouteTables = (access: AwsAccess, vpcId: string): Promise<RouteTable[]> => {
  const Filters: Filter[] = [{ Name: 'vpc-id', Values: [vpcId] }]
  return access.list('listing route tables', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeRouteTablesCommand({ Filters, NextToken }), options)
    return { items: answer.RouteTables, next: answer.NextToken }
  })
}

/** A route table is its owner's; we change only those that are marked for us. */
export const isLent = ({ Tags }: RouteTable): boolean => tagValue(Tags, ROUTES_TAG) === 'allowed'

const nothingLent = (vpcId: string, tables: readonly RouteTable[]): MoleError =>
  new MoleError('bad-input', `No route table of ${vpcId} is marked for Cloud Mole.`, {
    field: 'aws.routing',
    meaning: 'Routing "routes" changes route tables, and those are changed only that carry the mark of their owner.',
    nextStep: `Mark those of the private subnets, e.g. "aws ec2 create-tags --resources ${tables[0]?.RouteTableId ?? 'rtb-…'} --tags Key=${ROUTES_TAG},Value=allowed", or choose aws.routing: nat.`,
  })

/** The tables marked for us. @throws MoleError `bad-input` when none is. */
export const lentTables = (vpcId: string, tables: readonly RouteTable[]): RouteTable[] => {
  const lent = tables.filter(isLent)
  if (lent.length === 0) throw nothingLent(vpcId, tables)
  return lent
}

/** Where a table leads the DTN's addresses. */
type Lead = { readonly tableId: string; readonly route: Route | null }

const leadsOf = (tables: readonly RouteTable[], cidr: string): Lead[] =>
  tables.map((table) => ({
    tableId: table.RouteTableId ?? '',
    route: table.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === cidr) ?? null,
  }))

/** A blackhole is no proof: an interface of somebody's stopped instance comes back. */
const findDead = async (access: AwsAccess, leads: readonly Lead[], ours: ReadonlySet<string>): Promise<Set<string>> => {
  const holes = leads.flatMap(({ route }) =>
    route?.State === 'blackhole' && route.NetworkInterfaceId !== undefined && !ours.has(route.NetworkInterfaceId)
      ? [route.NetworkInterfaceId]
      : [],
  )
  if (holes.length === 0) return new Set()
  const living = await listInterfaces(access, [{ Name: 'network-interface-id', Values: holes }])
  return new Set(holes.filter((id) => !living.some(({ NetworkInterfaceId }) => NetworkInterfaceId === id)))
}

const targetOf = ({ route }: Lead): string => route?.NetworkInterfaceId ?? route?.GatewayId ?? 'somewhere else'

export type RoutesWanted = {
  readonly plan: DeploymentPlan
  readonly vpcId: string
  /** The network interface the routes lead to. */
  readonly interfaceId: string
  /** All interfaces that carry the deployment's tag. */
  readonly ours: ReadonlySet<string>
}

/** What is not as `wanted`, table by table, in words; `[]` when all is. Tables that lead elsewhere are left alone. */
export const missingRoutes = (tables: readonly RouteTable[], { plan, interfaceId, ours }: RoutesWanted): string[] =>
  leadsOf(tables.filter(isLent), plan.baseCidr)
    .filter(
      ({ route }) =>
        route === null || (ours.has(route.NetworkInterfaceId ?? '') && route.NetworkInterfaceId !== interfaceId),
    )
    .map(({ tableId }) => `The route table ${tableId} does not lead ${plan.baseCidr} to the bastion.`)

/**
 * Leads the DTN's addresses to a bastion, in every table marked for us. A route of somebody else to the same network
 * stays, and is told; one whose target is gone is taken over.
 */
export const ensureRoutes = async (
  access: AwsAccess,
  { plan, vpcId, interfaceId, ours }: RoutesWanted,
  tell: (line: string) => void,
): Promise<void> => {
  const leads = leadsOf(lentTables(vpcId, await listRouteTables(access, vpcId)), plan.baseCidr)
  const dead = await findDead(access, leads, ours)
  // An interface is a target once its instance runs.
  const passes =
    /^(InvalidNetworkInterfaceID?\.NotFound|InvalidInstanceID\.NotFound|IncorrectState|IncorrectInstanceState|InvalidGatewayID\.NotFound)$/
  for (const lead of leads) {
    const target = lead.route?.NetworkInterfaceId ?? ''
    const wanted = {
      RouteTableId: lead.tableId,
      DestinationCidrBlock: plan.baseCidr,
      NetworkInterfaceId: interfaceId,
    }
    if (lead.route === null)
      await access
        .ask('making a route', ({ ec2 }, options) => ec2.send(new CreateRouteCommand(wanted), options), passes)
        .catch((error: unknown) => {
          // Our own, whose answer was lost, or somebody’s who was quicker: the next look tells.
          if (!(error instanceof MoleError && awsCodeOf(error.cause) === 'RouteAlreadyExists')) throw error
        })
    else if (ours.has(target) || dead.has(target)) {
      if (target === interfaceId) continue
      await access.ask(
        'changing a route',
        ({ ec2 }, options) => ec2.send(new ReplaceRouteCommand(wanted), options),
        passes,
      )
    } else {
      tell(`route table ${lead.tableId} leads ${plan.baseCidr} to ${targetOf(lead)}: left alone`)
      continue
    }
    tell(`route table ${lead.tableId} leads ${plan.baseCidr} to ${interfaceId}`)
  }
}

export type OurRoute = { readonly tableId: string; readonly cidr: string; readonly target: string }

/** Routes for the DTN's addresses, in tables marked for us, whose target is ours or is gone. Those of other tables we neither made nor may change. */
export const findOurRoutes = async (
  access: AwsAccess,
  { plan, vpcId, ours }: Pick<RoutesWanted, 'plan' | 'vpcId' | 'ours'>,
): Promise<OurRoute[]> => {
  const leads = leadsOf((await listRouteTables(access, vpcId)).filter(isLent), plan.baseCidr)
  const dead = await findDead(access, leads, ours)
  return leads
    .filter(({ route }) => {
      const target = route?.NetworkInterfaceId ?? ''
      return ours.has(target) || dead.has(target)
    })
    .map((lead) => ({ tableId: lead.tableId, cidr: plan.baseCidr, target: targetOf(lead) }))
}

export const removeRoute = async (access: AwsAccess, { tableId, cidr }: OurRoute): Promise<void> => {
  const removal = new DeleteRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: cidr })
  await access
    .ask('taking a route away', ({ ec2 }, options) => ec2.send(removal, options))
    .catch((error: unknown) => {
      if (!(error instanceof MoleError && awsCodeOf(error.cause) === 'InvalidRoute.NotFound')) throw error
    })
}
