import type { CoreFacts } from './facts.ts'

/** Which cores do whose work. */
export type Pinning =
  | {
      readonly kind: 'pinned'
      readonly tunnels: ReadonlyMap<string, readonly number[]>
      readonly cards: readonly number[]
    }
  | { readonly kind: 'lacking'; readonly reason: string }

export type PinningRequest = {
  readonly cores: readonly CoreFacts[]
  readonly reserveCores: number
  readonly tunnels: readonly string[]
  /** NUMA node of the network card; `null` where it has none, or nobody knows. */
  readonly nearNode: number | null
}

const isNear = ({ numaNode }: CoreFacts, nearNode: number | null): boolean =>
  nearNode === null || numaNode === null || numaNode === nearNode

/**
 * Cores in the order in which they are given away: the first core last, as what belongs to nobody (timers, interrupts)
 * tends to be there; those near the card first; whole cores before the second threads of cores already given.
 */
const inOrder = (cores: readonly CoreFacts[], nearNode: number | null): CoreFacts[] => {
  const first = Math.min(...cores.map(({ core }) => core))
  const rank = (each: CoreFacts): number[] => [
    each.firstSibling === first ? 1 : 0,
    isNear(each, nearNode) ? 0 : 1,
    each.core === each.firstSibling ? 0 : 1,
    each.core,
  ]
  const compare = (a: number[], b: number[]): number =>
    a.map((value, at) => value - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0
  return cores.toSorted((a, b) => compare(rank(a), rank(b)))
}

const coresInWords = (count: number): string => (count === 1 ? '1 core' : `${count} cores`)
const tunnelsInWords = (count: number): string => (count === 1 ? '1 tunnel' : `${count} tunnels`)

/**
 * Gives each tunnel as many cores of its own as there are for all, near the network card as long as those suffice, and
 * leaves `reserveCores` to everything else. With fewer cores than tunnels nothing is pinned: tunnels that have to share a
 * core are better placed by the scheduler. Pure.
 */
export const planPinning = ({ cores, reserveCores, tunnels, nearNode }: PinningRequest): Pinning => {
  const free = inOrder(cores, nearNode).slice(0, Math.max(0, cores.length - reserveCores))
  if (free.length < tunnels.length)
    return {
      kind: 'lacking',
      reason: `${tunnelsInWords(tunnels.length)} want a core each, and of ${coresInWords(cores.length)} here ${free.length} ${free.length === 1 ? 'is' : 'are'} left beside the ${reserveCores} reserved (optimization.reserve_cores): nothing is pinned`,
    }
  const near = free.filter((core) => isNear(core, nearNode))
  const pool = (near.length >= tunnels.length ? near : free).map(({ core }) => core)
  const share = Math.floor(pool.length / Math.max(1, tunnels.length))
  const dealt = tunnels.map((name, at) => [name, pool.slice(at * share, (at + 1) * share)] as const)
  return { kind: 'pinned', tunnels: new Map(dealt), cards: dealt.flatMap(([, own]) => own) }
}
