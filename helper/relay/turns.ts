import type { RelayConfig } from './config.ts'

/** A way to a bastion's end: from the address of one of its tunnels. */
export type Way = { readonly from: string; readonly address: string; readonly port: number }

export type Turns = {
  /** The ways in the order in which to try them: each connection begins with another one. */
  readonly next: (config: RelayConfig) => Way[]
  /** These did not answer in time: for a while they come last. */
  readonly wereSlow: (ways: readonly Way[]) => void
}

const REST_MS = 10_000

const keyOf = ({ from, address }: Way): string => `${from} ${address}`

/** Every way, the bastions by turns: their first tunnels, then their second, and so on. Pure. */
export const waysOf = ({ ends }: RelayConfig): Way[] => {
  const longest = Math.max(...ends.map(({ from }) => from.length))
  return Array.from({ length: longest }, (_, at) =>
    ends.flatMap(({ address, port, from }) => {
      const source = from[at]
      return source === undefined ? [] : [{ from: source, address, port }]
    }),
  ).flat()
}

/** Deals the ways out. `nowMs`: a clock that only grows. */
export const makeTurns = (nowMs: () => number = () => performance.now()): Turns => {
  const restUntilMs = new Map<string, number>()
  let turn = 0
  return {
    next: (config) => {
      const all = waysOf(config)
      const first = turn % all.length
      turn += 1
      const inTurn = [...all.slice(first), ...all.slice(0, first)]
      const rests = (way: Way): boolean => (restUntilMs.get(keyOf(way)) ?? Number.NEGATIVE_INFINITY) > nowMs()
      return [...inTurn.filter((way) => !rests(way)), ...inTurn.filter(rests)]
    },
    wereSlow: (ways) => {
      for (const way of ways) restUntilMs.set(keyOf(way), nowMs() + REST_MS)
    },
  }
}
