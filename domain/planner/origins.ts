import type { Choice } from './choice.ts'
import type { Conditions } from './conditions.ts'
import type { PriceTable, RegionPrices } from './price-table.ts'
import type { Provenance } from './provenance.ts'

/** What a number or several stand on. */
export type Origin = { readonly what: string; readonly from: Provenance }

const uniquely = (origins: readonly Origin[]): Origin[] => {
  const groups = Map.groupBy(origins, ({ from }) => JSON.stringify(from))
  return [...groups.values()].map((group) => ({
    what: [...new Set(group.map(({ what }) => what))].join(', '),
    from: (group[0] as Origin).from,
  }))
}

/** Where every number of these choices comes from, each source once. */
export const originsOf = (
  choices: readonly Choice[],
  conditions: Conditions,
  table: PriceTable,
  prices: RegionPrices,
): Origin[] => {
  const { tunnelBitsPerSecond, vcpuBitsPerSecond, eightTunnelsShare, pathBitsPerSecond, diskGb, direction } = conditions
  const names = choices.map(({ type }) => type.name)
  const onDemand = names.flatMap((what): Origin[] => {
    const price = prices.onDemandUsdPerHour.get(what)
    return price === undefined ? [] : [{ what, from: price.from }]
  })
  const spot = names.flatMap((what): Origin[] => {
    const price = prices.spotUsdPerHour.get(what)
    return price === undefined ? [] : [{ what, from: price.from }]
  })
  const transfer = direction === 'upload' ? prices.dataInUsdPerGb : prices.dataOut
  return uniquely([
    ...choices.map(({ type }) => ({ what: 'vCPUs and bandwidth of the instance types', from: type.from })),
    ...uniquely(onDemand).map(({ what, from }) => ({ what: `price of ${what}`, from })),
    ...uniquely(spot).map(({ what, from }) => ({ what: `Spot price of ${what}`, from })),
    { what: 'limits of the internet gateway and of one flow, length of a burst', from: table.network.from },
    { what: 'price of a public IPv4 address', from: prices.publicIpv4UsdPerHour.from },
    { what: 'price of the root disk', from: prices.gp3UsdPerGbMonth.from },
    ...(transfer === null
      ? []
      : [{ what: `price of data ${direction === 'upload' ? 'in' : 'out'}`, from: transfer.from }]),
    { what: 'what one tunnel carries', from: tunnelBitsPerSecond.from },
    { what: 'what one vCPU carries', from: vcpuBitsPerSecond.from },
    { what: 'how tunnels add up', from: eightTunnelsShare.from },
    { what: 'size of the root disk', from: diskGb.from },
    ...(pathBitsPerSecond === null ? [] : [{ what: 'limit of the path', from: pathBitsPerSecond.from }]),
  ])
}

/** `published 2026-07-20`, `published, undated`, `assumed`. */
export const renderStanding = ({ kind, date }: Provenance): string => {
  if (date !== null) return `${kind} ${date}`
  return kind === 'published' ? `${kind}, undated` : kind
}
