import type { AwsPlan } from '../../../domain/aws-plan.ts'
import { ASSUMPTIONS } from '../../../domain/planner/conditions.ts'
import { hourlyCostOf } from '../../../domain/planner/cost.ts'
import type { PriceTable, RegionPrices } from '../../../domain/planner/price-table.ts'
import type { SpotPrices } from './bastions.ts'
import type { Placement } from './placements.ts'

export type Bill = { readonly costUsdPerHour: number | null; readonly costNote: string }

const usd = (amount: number): string => `$${amount.toFixed(4)}`

const dataOutNote = ({ dataOut, dataInUsdPerGb }: RegionPrices): string => {
  const first = dataOut?.value[0]
  const out =
    first === undefined
      ? 'what leaves AWS for the internet is billed at a rate that is not known here'
      : `what leaves AWS for the internet costs $${first.usdPerGb} a GB${first.upToGb === null ? '' : ` up to ${first.upToGb} GB a month`}`
  const into =
    dataInUsdPerGb.value === 0 ? 'what goes into AWS is free' : `what goes in costs $${dataInUsdPerGb.value} a GB`
  return `Data is not in it: ${out}, ${into}.`
}

const spotOf = ({ instanceType, zone }: Placement, prices: SpotPrices): number | undefined =>
  prices.get(`${instanceType} ${zone}`)

/** US dollars an hour of one bastion at its first place, `null` where a price is not known. */
const bastionCost = (placement: Placement, prices: RegionPrices, spot: SpotPrices | null) => {
  const hourly = hourlyCostOf(placement.instanceType, 1, prices, ASSUMPTIONS)
  const machine = spot === null ? hourly?.instancesUsd : (spotOf(placement, spot) ?? hourly?.instancesUsd)
  const rest = hourlyCostOf([...prices.onDemandUsdPerHour.keys()][0] ?? '', 1, prices, ASSUMPTIONS)
  if (machine === undefined || rest === null) return null
  return { machineUsd: machine, addressUsd: rest.publicIpv4Usd, diskUsd: rest.diskUsd }
}

/**
 * What the bastions cost an hour, each at the place it is tried first. Pure.
 * @param spot prices in force now; `null` for on-demand
 */
export const billOf = (
  { region, market }: Pick<AwsPlan, 'region' | 'market'>,
  firstPlaces: readonly Placement[],
  table: PriceTable,
  spot: SpotPrices | null,
): Bill => {
  const prices = table.regions.get(region ?? '')
  const unknown = (what: string): Bill => ({
    costUsdPerHour: null,
    costNote: `The price table of ${table.compiled} has no price of ${what}; "mole plan --refresh" asks AWS for it.`,
  })
  if (prices === undefined) return unknown(`${region}`)
  const costs = firstPlaces.map((placement) => ({ placement, cost: bastionCost(placement, prices, spot) }))
  const missing = costs.find(({ cost }) => cost === null)
  if (missing !== undefined) return unknown(`${missing.placement.instanceType} in ${region}`)
  const sum = (part: 'machineUsd' | 'addressUsd' | 'diskUsd'): number =>
    costs.reduce((total, { cost }) => total + (cost?.[part] ?? 0), 0)
  const [machines, addresses, disks] = [sum('machineUsd'), sum('addressUsd'), sum('diskUsd')]
  const isGuess = spot !== null && firstPlaces.some((placement) => spotOf(placement, spot) === undefined)
  const how =
    market === 'on-demand'
      ? 'on-demand'
      : isGuess
        ? 'Spot, whose price AWS did not tell: the on-demand price is taken'
        : 'Spot, at the price of this moment'
  return {
    costUsdPerHour: machines + addresses + disks,
    costNote: `An hour: instances ${usd(machines)} (${how}), public IPv4 addresses ${usd(addresses)}, disks ${usd(disks)}; prices of the table of ${table.compiled}. ${dataOutNote(prices)}`,
  }
}
