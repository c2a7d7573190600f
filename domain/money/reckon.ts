import { BYTES_PER_GB, HOURS_PER_MONTH, tieredUsd } from '../planner/cost.ts'
import { renderUsd } from '../planner/figures.ts'
import { renderStanding } from '../planner/origins.ts'
import type { RegionPrices } from '../planner/price-table.ts'
import type { Sourced } from '../planner/provenance.ts'
import { instancesPart } from './instances-part.ts'
import { billedSeconds, type MachineSpan } from './machine-span.ts'
import { type Amount, type CostPart, perHour, total, unknownPart } from './part.ts'
import type { MonthTraffic } from './traffic.ts'

/** What a deployment has had, and has. */
export type Spending = {
  readonly region: string
  readonly machines: readonly MachineSpan[]
  readonly traffic: readonly MonthTraffic[]
  /** Root disk of each machine. */
  readonly diskGb: Sourced<number>
  readonly budgetUsd: number | null
  readonly atBudget: 'alert' | 'shut-down'
}

/** What it costs, as the contract's `Money`. */
export type Reckoning = {
  /** `null` where a price is not known. */
  readonly usdPerHour: number | null
  readonly usdSoFar: number | null
  readonly parts: CostPart[]
  readonly budgetUsd: number | null
  /** What is known to be used; where a price is not known it is at least so much. */
  readonly budgetShare: number | null
  readonly atBudget: 'alert' | 'shut-down'
  readonly pricesDate: string
}

type Prices = { readonly compiled: string; readonly regions: ReadonlyMap<string, RegionPrices> }

/** Of something each machine has for as long as it lives. */
const eachMachine = (machines: readonly MachineSpan[], usdPerHour: number, nowMs: number): Amount => {
  const seconds = machines.reduce((sum, machine) => sum + billedSeconds(machine, nowMs), 0)
  const running = machines.filter(({ endedAtMs }) => endedAtMs === null).length
  const soFar = (seconds / 3600) * usdPerHour
  return { usdPerHour: running * usdPerHour, usdSoFar: soFar, leastUsd: soFar }
}

const addressesPart = (machines: readonly MachineSpan[], price: Sourced<number>, nowMs: number): Amount & CostPart => ({
  name: 'public IPv4 addresses',
  ...eachMachine(machines, price.value, nowMs),
  detail: `one for each instance at ${perHour(price)}`,
})

const disksPart = (
  machines: readonly MachineSpan[],
  price: Sourced<number>,
  diskGb: Sourced<number>,
  nowMs: number,
): Amount & CostPart => ({
  name: 'disks',
  ...eachMachine(machines, (diskGb.value * price.value) / HOURS_PER_MONTH, nowMs),
  detail: `a root disk of ${diskGb.value} GB (${diskGb.from.note}) for each instance at ${renderUsd(price.value)} a GB and month (${renderStanding(price.from)})`,
})

const renderGb = (gb: number): string => `${gb >= 100 ? gb.toFixed(0) : gb.toFixed(gb >= 1 ? 1 : 3)} GB`

const outPart = (traffic: readonly MonthTraffic[], { dataOut, region }: RegionPrices): Amount & CostPart => {
  const gb = traffic.reduce((sum, { bytesOut }) => sum + bytesOut, 0) / BYTES_PER_GB
  if (dataOut === null && gb > 0)
    return unknownPart('data out', `${renderGb(gb)}; no price of data out of ${region} is known`)
  const usd =
    dataOut === null
      ? 0
      : traffic.reduce((sum, { bytesOut }) => sum + tieredUsd(bytesOut / BYTES_PER_GB, dataOut.value), 0)
  const price =
    dataOut === null
      ? `no price of data out of ${region} is known`
      : `from ${renderUsd(dataOut.value[0]?.usdPerGb ?? 0)} a GB (${renderStanding(dataOut.from)}), in tiers from the first GB of each month`
  return {
    name: 'data out',
    usdPerHour: null,
    usdSoFar: usd,
    leastUsd: usd,
    detail: `${renderGb(gb)} on the wire, acknowledgements of uploads too; ${price}`,
  }
}

const inPart = (traffic: readonly MonthTraffic[], price: Sourced<number>): Amount & CostPart => {
  const gb = traffic.reduce((sum, { bytesIn }) => sum + bytesIn, 0) / BYTES_PER_GB
  const usd = gb * price.value
  return {
    name: 'data in',
    usdPerHour: null,
    usdSoFar: usd,
    leastUsd: usd,
    detail: `${renderGb(gb)} on the wire at ${renderUsd(price.value)} a GB (${renderStanding(price.from)})`,
  }
}

const unknownRegion = (region: string): (Amount & CostPart)[] =>
  ['instances', 'public IPv4 addresses', 'disks', 'data out', 'data in'].map((name) =>
    unknownPart(name, `no price of ${region} is known; "mole plan --refresh" asks AWS for them`),
  )

const partsOf = (
  { region, machines, traffic, diskGb }: Spending,
  { regions }: Prices,
  nowMs: number,
): (Amount & CostPart)[] => {
  const prices = regions.get(region)
  if (prices === undefined) return unknownRegion(region)
  return [
    instancesPart(machines, prices, nowMs),
    addressesPart(machines, prices.publicIpv4UsdPerHour, nowMs),
    disksPart(machines, prices.gp3UsdPerGbMonth, diskGb, nowMs),
    outPart(traffic, prices),
    inPart(traffic, prices.dataInUsdPerGb),
  ]
}

const LASTING = ['instances', 'public IPv4 addresses', 'disks']

/**
 * What a deployment costs an hour and has cost by `nowMs`, reckoned from the price table. Data out is taken from the
 * first GB of each month, as if nothing else of the account used it, and without the account's free allowance. Pure.
 */
export const reckonMoney = (spending: Spending, prices: Prices, nowMs: number): Reckoning => {
  const parts = partsOf(spending, prices, nowMs)
  const leastUsd = parts.reduce((sum, part) => sum + part.leastUsd, 0)
  const { budgetUsd, atBudget } = spending
  return {
    usdPerHour: total(parts.filter(({ name }) => LASTING.includes(name)).map(({ usdPerHour }) => usdPerHour)),
    usdSoFar: total(parts.map(({ usdSoFar }) => usdSoFar)),
    parts: parts.map(({ name, usdPerHour, usdSoFar, detail }) => ({ name, usdPerHour, usdSoFar, detail })),
    budgetUsd,
    budgetShare: budgetUsd === null ? null : leastUsd / budgetUsd,
    atBudget,
    pricesDate: prices.compiled,
  }
}
