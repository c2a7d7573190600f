import type { EventOf } from '../../contract/define.ts'
import type { HelperContract } from '../../contract/helper.ts'

export type WatchEvent = EventOf<HelperContract, 'watch'>

export type WatchNews = Extract<WatchEvent, { kind: 'news' }>

export type WatchSource = {
  readonly generation: () => number
  readonly sample: () => Promise<Extract<WatchEvent, { kind: 'sample' }>['interfaces']>
}

export type Watchers = {
  /** One stream: the state first, then a sample a second, and each change of state at once. */
  readonly open: (signal: AbortSignal) => AsyncGenerator<WatchEvent, void>
  /** The host changed. */
  readonly changed: () => void
  /** Something worth a sample of its own happened: a tunnel answered for the first time, or has died. */
  readonly hurry: () => void
  /** The helper did something by itself. */
  readonly tell: (news: Omit<WatchNews, 'kind' | 'atMs'>) => void
}

const PERIOD_MS = 1000
/** Tunnels that come up together share one early sample. */
const HURRY_MS = 25

/** A bell that a stream sleeps by. */
type Bell = { readonly ring: () => void; readonly wait: (ms: number, signal: AbortSignal) => Promise<void> }

const makeBell = (): Bell => {
  let wake: (() => void) | null = null
  let isRung = false
  return {
    ring: () => {
      isRung = true
      wake?.()
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          wake = null
          isRung = false
          resolve()
        }
        const timer = setTimeout(done, Math.max(0, ms))
        if (isRung || signal.aborted) return done()
        wake = done
        signal.addEventListener('abort', done, { once: true })
      }),
  }
}

/** Serves any number of watchers; without one nothing is sampled. */
export const makeWatchers = (source: WatchSource): Watchers => {
  const streams = new Set<{ bell: Bell; isEarly: boolean; hasChanged: boolean; news: WatchNews[] }>()

  async function* open(signal: AbortSignal): AsyncGenerator<WatchEvent, void> {
    const stream = { bell: makeBell(), isEarly: true, hasChanged: true, news: [] as WatchNews[] }
    streams.add(stream)
    let dueMs = performance.now()
    try {
      while (!signal.aborted) {
        if (stream.hasChanged) {
          stream.hasChanged = false
          yield { kind: 'state', atMs: Date.now(), generation: source.generation() }
        }
        yield* stream.news.splice(0)
        const isDue = performance.now() >= dueMs
        if (isDue || stream.isEarly) {
          stream.isEarly = false
          const interfaces = await source.sample()
          // After it: looking takes long where the machine is busy, and the counters are read at its end.
          yield { kind: 'sample', atMs: Date.now(), interfaces }
        }
        if (isDue) dueMs = Math.max(dueMs + PERIOD_MS, performance.now())
        await stream.bell.wait(dueMs - performance.now(), signal)
      }
    } finally {
      streams.delete(stream)
    }
  }

  let isHurrying = false
  const hurryNow = (): void => {
    isHurrying = false
    for (const stream of streams) {
      stream.isEarly = true
      stream.bell.ring()
    }
  }

  return {
    open,
    changed: () => {
      for (const stream of streams) {
        stream.hasChanged = true
        stream.bell.ring()
      }
    },
    tell: (news) => {
      for (const stream of streams) {
        stream.news.push({ kind: 'news', atMs: Date.now(), ...news })
        stream.bell.ring()
      }
    },
    hurry: () => {
      if (!isHurrying) setTimeout(hurryNow, HURRY_MS)
      isHurrying = true
    },
  }
}
