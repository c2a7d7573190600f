import type { HostState } from '../domain/host-state.ts'
import { slotOfInterface } from '../domain/ours.ts'
import { dealOf } from './deal.ts'
import { changeEndpoints, wantedEndpoints } from './mptcp-endpoints.ts'
import type { Operation } from './operation.ts'
import { effectsOf } from './ops/table.ts'

const markRules = (numbers: readonly number[], to: boolean): Operation[] =>
  numbers.map((number) => ({ kind: 'tunnel-rule', number, from: null, to }))

/**
 * Lines for `ip -force -batch -` that move the route of `desired`, which is in force, from the tunnels `was` to the
 * tunnels `to` (lane numbers, see `carriersOf`) in one stroke: the next-hop group, the marks' rules and the Multipath TCP
 * endpoints. What carries on is not touched; flows of what goes are spread over the rest at once. `[]` when nothing
 * changes, or `to` is empty: a route without a tunnel would not be ours to make. Pure.
 */
export const carryLines = (desired: HostState, was: readonly number[], to: readonly number[]): string[] => {
  const gone = was.filter((number) => !to.includes(number))
  const back = to.filter((number) => !was.includes(number))
  if (to.length === 0 || gone.length + back.length === 0) return []
  const isDealt = dealOf(desired) !== null
  const operations: Operation[] = [
    { kind: 'group', to, was },
    ...(isDealt ? [...markRules(gone, false), ...markRules(back, true)] : []),
    ...changeEndpoints(wantedEndpoints(desired, was), wantedEndpoints(desired, to)),
  ]
  return operations.flatMap(effectsOf).flatMap((effect) => (effect.by === 'ip' ? [effect.line] : []))
}

/** Lane numbers of the tunnels that `desired` has carry. */
export const activeNumbers = ({ active }: HostState): number[] => active.map((name) => slotOfInterface(name) ?? 0)
