import type { Conditions } from './conditions.ts'
import type { Band, RegionPrices, Tier } from './price-table.ts'

/** The dearer reading of what AWS calls a GB: its price list counts 10 TB as 10,240 GB, which speaks for 2³⁰ bytes. */
export const BYTES_PER_GB = 1e9
/** AWS counts a month as 730 hours (https://aws.amazon.com/calculator/calculator-assumptions/). */
export const HOURS_PER_MONTH = 730

export type HourlyCost = {
  readonly instancesUsd: number
  readonly publicIpv4Usd: number
  readonly diskUsd: number
  /** Their sum. Data transfer is not in it. */
  readonly totalUsd: number
  /** Their sum with Spot instances, as the Spot price was of late; `null` where nobody has looked it up. */
  readonly spotTotalUsd: Band | null
}

/** What so many instances cost an hour; `null` where the region has no price for the type. */
export const hourlyCostOf = (
  type: string,
  instances: number,
  prices: RegionPrices,
  { diskGb }: Pick<Conditions, 'diskGb'>,
): HourlyCost | null => {
  const onDemand = prices.onDemandUsdPerHour.get(type)
  if (onDemand === undefined) return null
  const instancesUsd = instances * onDemand.value
  const publicIpv4Usd = instances * prices.publicIpv4UsdPerHour.value
  const diskUsd = (instances * diskGb.value * prices.gp3UsdPerGbMonth.value) / HOURS_PER_MONTH
  const besideUsd = publicIpv4Usd + diskUsd
  const spot = prices.spotUsdPerHour.get(type)?.value
  return {
    instancesUsd,
    publicIpv4Usd,
    diskUsd,
    totalUsd: instancesUsd + besideUsd,
    spotTotalUsd:
      spot === undefined
        ? null
        : { least: instances * spot.least + besideUsd, most: instances * spot.most + besideUsd },
  }
}

/** Of so many GB in a month that nothing else has used. */
export const tieredUsd = (gb: number, tiers: readonly Tier[]): number => {
  const starts = [0, ...tiers.map(({ upToGb }) => upToGb ?? Number.POSITIVE_INFINITY)]
  return tiers.reduce((usd, { upToGb, usdPerGb }, index) => {
    const within = Math.min(gb, upToGb ?? Number.POSITIVE_INFINITY) - (starts[index] ?? 0)
    return usd + Math.max(0, within) * usdPerGb
  }, 0)
}

/**
 * What data transfer costs; `null` where no price is known.
 * @param wireBytes bytes on the wire, headers and all: that is what AWS counts. The account's free allowance is taken as
 *   used by something else.
 */
export const transferUsd = (
  wireBytes: number,
  { direction }: Pick<Conditions, 'direction'>,
  { dataInUsdPerGb, dataOut }: RegionPrices,
): number | null => {
  const gb = wireBytes / BYTES_PER_GB
  if (direction === 'upload') return gb * dataInUsdPerGb.value
  return dataOut === null ? null : tieredUsd(gb, dataOut.value)
}
