import { ASSUMPTIONS, type Conditions } from '../planner/conditions.ts'
import { renderStanding } from '../planner/origins.ts'
import { planTransfer } from '../planner/plan-transfer.ts'
import { parsePriceTable } from '../planner/price-table.ts'
import type { Provenance, Sourced } from '../planner/provenance.ts'
import { MAX_BASTIONS, MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import type { Recommendation } from './analysis.ts'
import type { Figure } from './figure.ts'
import type { Grounds } from './recommend.ts'

const USUAL_INNER_MTU_BYTES = 1420
/** The path's own rate is wanted, less what rounding and headers may take. */
const WANTED_SHARE = 0.97

const sourced = ({ value, from }: Figure<number>): Sourced<number> => {
  const kind: Provenance['kind'] = from.kind === 'estimated' ? 'assumed' : from.kind
  return { value, from: { kind, date: new Date(from.atMs).toISOString().slice(0, 10), url: null, note: from.how } }
}

const conditionsOf = ({ analysis }: Grounds, mtuBytes: number, allowedTypes: readonly string[]): Conditions => {
  const flow = analysis.flowBitsPerSecond
  const each = ASSUMPTIONS.tunnelBitsPerSecond
  return {
    ...ASSUMPTIONS,
    direction: 'upload',
    mtuBytes,
    tunnelBitsPerSecond: flow !== null && flow.value < each.value ? sourced(flow) : each,
    // What one tunnel is allowed was measured: they share nothing but the path.
    ...(flow === null ? {} : { eightTunnelsShare: { value: 1, from: sourced(flow).from } }),
    pathBitsPerSecond: analysis.pathBitsPerSecond === null ? null : sourced(analysis.pathBitsPerSecond),
    streams: null,
    allowedTypes,
    maxInstances: MAX_BASTIONS,
    minTunnels: 1,
    maxTunnels: MAX_BASTIONS * MAX_TUNNELS_PER_BASTION,
  }
}

/** The cheapest bastions that carry what the path does; `null` where its rate or the region's prices are not known. */
export const adviseBastion = (
  grounds: Grounds,
  tunnels: number | null,
  innerMtuBytes: number | null,
): Recommendation['bastion'] => {
  const { analysis, prices: document, region } = grounds
  const path = analysis.pathBitsPerSecond
  if (document === null || region === null || path === null || tunnels === null) return null
  const table = parsePriceTable(document)
  const prices = table.regions.get(region)
  if (prices === undefined) return null
  const mtuBytes = Math.max(576, innerMtuBytes ?? USUAL_INNER_MTU_BYTES)
  const conditions = conditionsOf(
    grounds,
    mtuBytes,
    table.types.map(({ name }) => name),
  )
  const share = (mtuBytes - 52) / (mtuBytes + 60)
  const goal = { kind: 'rate', bitsPerSecond: path.value * share * WANTED_SHARE, budgetUsd: null } as const
  const { recommended, nearest, reason } = planTransfer(goal, conditions, table, prices)
  const choice = recommended ?? nearest
  if (choice === null) return null
  const price = prices.onDemandUsdPerHour.get(choice.type.name)
  const origin =
    price === undefined ? '' : ` Price in ${region}, ${renderStanding(price.from)}, by the table of ${table.compiled}.`
  return {
    value: { instanceType: choice.type.name, bastions: choice.instances, usdPerHour: choice.hourly.totalUsd },
    reason: `${reason}${origin}`,
    key: 'aws.instance_types',
  }
}
