import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connecting } from './sockets.ts'

/** The first connection that stands, and which of the candidates it is; or why none does. */
export type Raced<T> =
  | { readonly kind: 'connected'; readonly candidate: T; readonly fd: number; readonly slow: readonly T[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' }

export type RacePace = {
  /** After so long without an answer the next candidate is tried, too. */
  readonly staggerMs: number
  /** After so long nobody is waited for any more. */
  readonly limitMs: number
}

const { ECONNREFUSED } = constants.errno
const FIRST_LOOK_MS = 1
const LAST_LOOK_MS = 8

/**
 * Connects by the first of `candidates` that answers: each is tried when the one before has not answered in time, or at once
 * when it has failed. So a tunnel that died a moment ago costs a fraction of a second, once. `slow` are those that were
 * tried, and beaten. "Refused" is an answer of the far end: it is the end of it.
 */
export const race = async <T>(
  candidates: readonly T[],
  begin: (candidate: T) => Connecting,
  { staggerMs, limitMs }: RacePace,
): Promise<Raced<T>> => {
  const running: { candidate: T; connecting: Connecting }[] = []
  const startedMs = performance.now()
  let begun = 0
  let nextMs = 0
  let lookMs = FIRST_LOOK_MS
  const end = (winner: Connecting | null): void => {
    for (const { connecting } of running) if (connecting !== winner) connecting.close()
  }
  for (;;) {
    const elapsedMs = performance.now() - startedMs
    const next = candidates[begun]
    if (next !== undefined && (running.length === 0 || elapsedMs >= nextMs)) {
      running.push({ candidate: next, connecting: begin(next) })
      begun += 1
      nextMs = elapsedMs + staggerMs
      lookMs = FIRST_LOOK_MS
    }
    for (const entry of [...running]) {
      const errno = entry.connecting.state()
      if (errno === null) continue
      if (errno === 0) {
        end(entry.connecting)
        const slow = running.filter((other) => other !== entry).map(({ candidate }) => candidate)
        return { kind: 'connected', candidate: entry.candidate, fd: entry.connecting.fd, slow }
      }
      running.splice(running.indexOf(entry), 1)
      entry.connecting.close()
      if (errno === ECONNREFUSED) {
        end(null)
        return { kind: 'refused' }
      }
    }
    const isOver = running.length === 0 && begun === candidates.length
    if (isOver || elapsedMs > limitMs) {
      end(null)
      return { kind: 'unreachable' }
    }
    if (running.length > 0) await sleep(lookMs)
    lookMs = Math.min(lookMs * 2, LAST_LOOK_MS)
  }
}
