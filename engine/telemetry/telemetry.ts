import type { AppContract, Problem, TelemetrySample } from '../../contract/app.ts'
import type { EventOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract, InterfaceSample } from '../../contract/helper.ts'
import type { Clock } from '../clock.ts'
import type { HelperClient } from '../cloud/provider.ts'
import type { StepHost } from '../deployment/step.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import { openQueue } from '../queue.ts'
import { openHistory } from './history.ts'
import { type CountedBy, secondsBetween } from './rates.ts'
import { thinned } from './thin-history.ts'
import { addCarried, type CarriedBefore, type Counted, tunnelSamples } from './tunnel-samples.ts'
import { followHelper } from './watch-helper.ts'

type Feed = EventOf<AppContract, 'telemetry.watch'>

export type HelperNews = Extract<EventOf<HelperContract, 'watch'>, { kind: 'news' }>

/** What telemetry watches, and whom it tells. */
export type Subject = {
  readonly host: StepHost
  /** The interfaces' counters as they are now, and who counted them. */
  onCounters(interfaces: readonly InterfaceSample[], by: CountedBy): void
  /** What the helper has found of the interfaces there are. */
  onInterfaces(interfaces: readonly InterfaceSample[]): void
  /** What the helper did by itself. */
  onNews(news: HelperNews): void
  /** The helper does not answer. Telemetry keeps trying until stopped. */
  onLost(problem: Problem): void
  /** The helper answers (again). */
  onFound(): void
  /** Whether trying to start a helper makes sense: what the last one served is still there. */
  mayRevive(): Promise<boolean>
}

export type Telemetry = {
  /** Begins to watch; ends an earlier watch first. */
  start(subject: Subject): void
  stop(): void
  /** Forgets the samples: another deployment begins. */
  clear(): void
  stream(historySeconds: number, signal: AbortSignal): AsyncGenerator<Feed, void, void>
}

type Reading = {
  readonly stampedMs: number
  readonly monotonicMs: number
  readonly wallMs: number
  readonly interfaces: Counted
}

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5000
const UNREAD_LIMIT = 30

export const openTelemetry = (clock: Clock, log: Log): Telemetry => {
  const history = openHistory()
  const readers = new Set<(feed: Feed) => void>()
  let running: AbortController | null = null
  let carried: CarriedBefore = new Map()

  const tell = (feed: Feed): void => {
    for (const read of [...readers]) read(feed)
  }

  const publish = (sample: TelemetrySample): void => {
    history.add(sample)
    tell({ kind: 'sample', sample })
  }

  /** Watches one connection until it ends. */
  const follow = async (helper: HelperClient, subject: Subject, signal: AbortSignal): Promise<void> => {
    const { facts } = await helper.call('hello', {}, { signal })
    const by: CountedBy = facts.wireguard === 'kernel' ? 'kernel' : 'userspace'
    let before: Reading | null = null
    subject.onFound()
    await followHelper(helper, clock, signal, (event) => {
      if (signal.aborted) return
      if (event.kind === 'news') subject.onNews(event)
      if (event.kind !== 'sample') return
      const now: Reading = {
        stampedMs: event.atMs,
        monotonicMs: clock.monotonicMs(),
        wallMs: clock.wallMs(),
        interfaces: new Map(event.interfaces.map((sample) => [sample.name, sample])),
      }
      carried = addCarried(carried, before?.interfaces ?? null, now.interfaces, by)
      publish(sampleOf(before, now, by, carried))
      subject.onCounters(event.interfaces, by)
      before = now
      subject.onInterfaces(event.interfaces)
    })
  }

  const connect = async (subject: Subject, signal: AbortSignal): Promise<HelperClient | null> => {
    const found = await subject.host.find()
    if (found !== null) return found
    return (await subject.mayRevive()) ? subject.host.ensure(signal) : null
  }

  const attempt = async (subject: Subject, signal: AbortSignal): Promise<Problem> => {
    try {
      const helper = await connect(subject, signal)
      if (helper !== null) await follow(helper, subject, signal)
    } catch (error) {
      if (signal.aborted) return lostHelper
      // One that hangs keeps its connection: the next try must make a new one.
      if (error instanceof MoleError && error.code === 'helper-unreachable') subject.host.release()
      // What a broken connection has to say is about a request; here it is about the helper.
      if (error instanceof MoleError && error.code === 'disconnected') return lostHelper
      return problemOf(error, log)
    }
    return lostHelper
  }

  const watch = async (subject: Subject, signal: AbortSignal): Promise<void> => {
    let retryMs = FIRST_RETRY_MS
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs()
      const problem = await attempt(subject, signal)
      if (signal.aborted) return
      subject.onLost({ ...lostHelper, message: problem.message, data: { ...lostHelper.data, ...problem.data } })
      if (clock.monotonicMs() - startedMs > LAST_RETRY_MS) retryMs = FIRST_RETRY_MS
      await clock.sleep(retryMs, signal)
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
  }

  async function* stream(historySeconds: number, signal: AbortSignal): AsyncGenerator<Feed, void, void> {
    const queue = openQueue<Feed>(UNREAD_LIMIT, 'drop-oldest')
    readers.add(queue.push)
    try {
      yield { kind: 'history', samples: thinned(history.last(historySeconds)) }
      yield* queue.values(signal)
    } finally {
      readers.delete(queue.push)
    }
  }

  const stop = (): void => {
    running?.abort()
    running = null
  }

  return {
    start: (subject) => {
      stop()
      running = new AbortController()
      void watch(subject, running.signal)
    },
    stop,
    clear: () => {
      history.clear()
      carried = new Map()
      tell({ kind: 'history', samples: [] })
    },
    stream,
  }
}

/** Two readings as one sample of the contract. Pure. */
const sampleOf = (before: Reading | null, now: Reading, by: CountedBy, carried: CarriedBefore): TelemetrySample => {
  const seconds =
    before === null
      ? 0
      : secondsBetween(
          now.stampedMs - before.stampedMs,
          now.monotonicMs - before.monotonicMs,
          now.wallMs - before.wallMs,
        )
  return { atMs: now.wallMs, tunnels: tunnelSamples(before?.interfaces ?? null, now.interfaces, seconds, by, carried) }
}

const lostHelper: Problem = {
  code: 'helper-unreachable',
  message: 'The helper that holds the tunnels does not answer.',
  data: {
    field: 'helper',
    meaning: 'The tunnels may still carry traffic, but they are not being watched.',
    nextStep: 'Cloud Mole tries to reach it again by itself; "mole up" repairs, "mole down" removes everything.',
  },
}
