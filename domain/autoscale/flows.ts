import type { Autoscale } from '../autoscale.ts'
import type { Load } from './load.ts'
import type { FlowSeen, Look } from './look.ts'

/** Connections over which the kernel spreads one Multipath TCP flow at most: the first and 8 more (`ip-mptcp(8)`). */
const MOST_SUBFLOWS = 9
/** The largest flows that together move this share are counted; the rest fill nothing. */
const COUNTED_SHARE = 0.95
/** Where the flows we see carry less than this of all, there is something we do not see: forwarded traffic, UDP. */
const EXPLAINED_SHARE = 0.8

/** Flows from the elephant's size on. Pure. */
export const elephantsOf = ({ flows }: Look, { elephantBytes }: Autoscale): readonly FlowSeen[] =>
  (flows ?? []).filter(({ bytes }) => bytes >= elephantBytes)

const rateOf = ({ bitsPerSecond }: FlowSeen): number => bitsPerSecond ?? 0

/** Without those that only trickle. */
const counted = (flows: readonly FlowSeen[]): readonly FlowSeen[] => {
  const enough = COUNTED_SHARE * flows.reduce((sum, flow) => sum + rateOf(flow), 0)
  let larger = 0
  return flows
    .toSorted((a, b) => rateOf(b) - rateOf(a))
    .filter((flow) => {
      const isCounted = flow.bitsPerSecond === null || larger < enough
      larger += rateOf(flow)
      return isCounted
    })
}

/** Flows that would be faster with more room. Pure. */
export const pressingFlows = ({ flows }: Look): readonly FlowSeen[] =>
  counted((flows ?? []).filter(({ heldBack, bitsPerSecond }) => !heldBack && bitsPerSecond !== 0))

const canUse = (flows: readonly FlowSeen[], tunnels: number): boolean =>
  flows.length > tunnels || (tunnels < MOST_SUBFLOWS && flows.some(({ spreads }) => spreads))

/**
 * Flows that are too few for one tunnel more than `tunnels`, each of which rides one; `null` where they are not, or where
 * something is carried that is not seen. Pure.
 */
export const tooFewFlows = (look: Look, goodput: number, tunnels: number): number | null => {
  const flows = counted(look.flows ?? [])
  const seen = flows.reduce((sum, flow) => sum + rateOf(flow), 0)
  if (look.flows === null || seen < EXPLAINED_SHARE * goodput || canUse(flows, tunnels)) return null
  return flows.length
}

/**
 * Whether elephants alone ask for one tunnel more than `tunnels`: one of them presses, another tunnel can help, and it
 * would not at once be one too many. Pure.
 */
export const elephantsAsk = (look: Look, settings: Autoscale, load: Load, tunnels: number): boolean => {
  const pressing = pressingFlows(look)
  const elephants = elephantsOf(look, settings)
  if (!elephants.some((flow) => pressing.includes(flow)) || !canUse(pressing, tunnels)) return false
  return load.capacity === null || load.goodput >= settings.downThreshold * load.capacity * (tunnels + 1)
}
