import type { InterfaceSample } from '../../../contract/helper.ts'
import { slotOfInterface, slotOfLane } from '../../../domain/ours.ts'
import type { HelperClient } from '../../cloud/provider.ts'
import type { StepContext } from '../step.ts'

export type Echoes = { readonly answered: readonly number[]; readonly silent: readonly number[] }

/** A lost first handshake is retried by WireGuard after 5 s; patience for one such retry. */
const PATIENCE_MS = 6000

const answeredIn = (interfaces: readonly InterfaceSample[]): { slot: number; rttMs: number }[] =>
  interfaces.flatMap(({ name, rttMs }) => {
    const number = slotOfInterface(name)
    return number === null || rttMs === null ? [] : [{ slot: slotOfLane(number), rttMs }]
  })

/** Waits until an echo has come back through each of the tunnels `wanted`, or patience ends. */
export const awaitEchoes = async (
  helper: HelperClient,
  wanted: readonly number[],
  context: StepContext,
  startedMs: number,
): Promise<Echoes> => {
  const { clock, log } = context
  const answered = new Set<number>()
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  void clock.sleep(PATIENCE_MS, signal).then(() => over.abort())
  try {
    for await (const event of helper.stream('watch', {}, { signal })) {
      if (event.kind !== 'sample') continue
      for (const { slot, rttMs } of answeredIn(event.interfaces)) {
        if (!wanted.includes(slot) || answered.has(slot)) continue
        answered.add(slot)
        log(
          `echo through tunnel ${slot} after ${Math.round(clock.monotonicMs() - startedMs)} ms (round trip ${rttMs.toFixed(1)} ms)`,
        )
      }
      if (wanted.every((slot) => answered.has(slot))) break
    }
  } catch (error) {
    if (!over.signal.aborted) throw error
  } finally {
    over.abort()
  }
  context.signal.throwIfAborted()
  return { answered: wanted.filter((slot) => answered.has(slot)), silent: wanted.filter((slot) => !answered.has(slot)) }
}
