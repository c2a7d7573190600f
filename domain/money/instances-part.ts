import { renderUsd } from '../planner/figures.ts'
import type { RegionPrices } from '../planner/price-table.ts'
import { billedSeconds, type MachineSpan, spotUsd } from './machine-span.ts'
import { type Amount, type CostPart, perHour, total } from './part.ts'

type Cost = { readonly usdPerHour: number | null; readonly usdSoFar: number | null; readonly detail: string }

const UNKNOWN = 'no price is known'

const onDemandCost = (machine: MachineSpan, { onDemandUsdPerHour }: RegionPrices, nowMs: number): Cost => {
  const price = onDemandUsdPerHour.get(machine.instanceType)
  if (price === undefined) return { usdPerHour: null, usdSoFar: null, detail: UNKNOWN }
  return {
    usdPerHour: price.value,
    usdSoFar: (billedSeconds(machine, nowMs) / 3600) * price.value,
    detail: perHour(price),
  }
}

/** A Spot instance never costs more than one on demand, unless one asks for it (docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html). */
const spotCost = (machine: MachineSpan, prices: RegionPrices, nowMs: number): Cost => {
  const usdSoFar = spotUsd(machine, nowMs)
  const last = machine.spotPrices.at(-1)
  if (usdSoFar !== null && last !== undefined)
    return {
      usdPerHour: last.usdPerHour,
      usdSoFar,
      detail: `Spot, last at ${renderUsd(last.usdPerHour)} an hour (observed ${new Date(last.fromMs).toISOString().slice(0, 10)})`,
    }
  const most = onDemandCost(machine, prices, nowMs)
  return most.detail === UNKNOWN
    ? most
    : { ...most, detail: `Spot of unknown price, assumed as dear as on demand, its most: ${most.detail}` }
}

const costOf = (machine: MachineSpan, prices: RegionPrices, nowMs: number): Cost =>
  machine.market === 'spot' ? spotCost(machine, prices, nowMs) : onDemandCost(machine, prices, nowMs)

type Costed = Cost & { readonly machine: MachineSpan }

/** `2 × c6gn.medium $0.0432 an hour (published 2026-07-20)`, each kind once; how many are over. */
const detailOf = (costed: readonly Costed[]): string => {
  const kinds = Map.groupBy(costed, ({ machine, detail }) => `${machine.instanceType}: ${detail}`)
  const lines = [...kinds].map(([what, { length }]) => `${length} × ${what}`)
  const ended = costed.filter(({ machine }) => machine.endedAtMs !== null).length
  const over = ended === 0 ? '' : `; ${ended} of them ${ended === 1 ? 'has' : 'have'} ended`
  return lines.length === 0 ? 'none yet' : `${lines.join(', ')}${over}`
}

/** What the instances cost, by the second. */
export const instancesPart = (
  machines: readonly MachineSpan[],
  prices: RegionPrices,
  nowMs: number,
): Amount & CostPart => {
  const costed = machines.map((machine): Costed => ({ machine, ...costOf(machine, prices, nowMs) }))
  const running = costed.filter(({ machine }) => machine.endedAtMs === null)
  return {
    name: 'instances',
    usdPerHour: total(running.map(({ usdPerHour }) => usdPerHour)),
    usdSoFar: total(costed.map(({ usdSoFar }) => usdSoFar)),
    leastUsd: costed.reduce((sum, { usdSoFar }) => sum + (usdSoFar ?? 0), 0),
    detail: detailOf(costed),
  }
}
