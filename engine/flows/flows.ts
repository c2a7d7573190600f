import type { FlowsView } from '../../contract/app.ts'
import type { OutputOf } from '../../contract/define.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { FlowSeen } from '../../domain/autoscale/look.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import { openQueue } from '../queue.ts'
import { type FlowsLook, joinLooks, type KnownFlow, seeFlows, tellFlows } from './connections.ts'
import { strategyInWords } from './strategy.ts'

/** What the helper answers, and the plan it is to be read by. */
export type FlowsSource = { readonly seen: OutputOf<HelperContract, 'flows'>; readonly plan: DeploymentPlan }

export type Flows = {
  stream(signal: AbortSignal): AsyncGenerator<FlowsView, void, void>
  /** The connections now, each once; `null` when they cannot be looked at. */
  see(): Promise<readonly FlowSeen[] | null>
}

export type FlowsEnvironment = {
  readonly clock: Clock
  readonly log: Log
  /** Asks the helper. @throws MoleError `not-found` when nothing is up, and what asking ends with. */
  ask(): Promise<FlowsSource>
}

type Known = { readonly source: FlowsSource; readonly flows: readonly KnownFlow[] }

const PERIOD_MS = 1000
/** Who asks so soon after another look gets what that one saw. */
const FRESH_MS = 500
/** A look so long ago says nothing of what goes on now. */
const OLD_MS = 15_000
const UNREAD_LIMIT = 4

const nothing = (atMs: number): FlowsView => ({
  atMs,
  flows: [],
  mptcp: { available: false, schedulers: [], scheduler: null, pathManager: null, endpoints: [], subflowLimit: null },
  spread: 'hash',
  strategy: null,
})

const render = ({ source: { seen, plan }, flows }: Known): FlowsView => {
  const { spread, mptcp } = plan.carriage
  return {
    atMs: seen.atMs,
    flows: tellFlows(flows, plan.autoscale.elephantBytes),
    mptcp: seen.mptcp,
    spread,
    strategy: mptcp === null ? null : { asked: mptcp.strategy, inForce: strategyInWords(mptcp.strategy, seen.mptcp) },
  }
}

/** Connections over the bundle: one look a second for all who watch, none when nobody does. */
export const openFlows = ({ clock, log, ask }: FlowsEnvironment): Flows => {
  let last: FlowsLook | null = null
  let latest: { readonly atMs: number; readonly known: Promise<Known | null> } | null = null
  let isLooking = false
  const watchers = new Set<(view: FlowsView) => void>()
  let isPolling = false

  const lookNow = async (): Promise<Known | null> => {
    try {
      const source = await ask()
      const now: FlowsLook = { monotonicMs: clock.monotonicMs(), samples: source.seen.flows }
      const isOld = last !== null && now.monotonicMs - last.monotonicMs > OLD_MS
      const flows = joinLooks(isOld ? null : last, now)
      last = now
      return { source, flows }
    } catch (error) {
      last = null
      // Nothing up, or nobody there: nothing to see. Health tells of it; here it is no error.
      problemOf(error, log)
      return null
    } finally {
      isLooking = false
    }
  }

  const look = (): Promise<Known | null> => {
    const nowMs = clock.monotonicMs()
    // Two looks at a time would come back too close to each other for a rate.
    if (latest !== null && (isLooking || nowMs - latest.atMs < FRESH_MS)) return latest.known
    isLooking = true
    latest = { atMs: nowMs, known: lookNow() }
    return latest.known
  }

  const viewNow = async (): Promise<FlowsView> => {
    const known = await look()
    return known === null ? nothing(clock.wallMs()) : render(known)
  }

  const poll = async (): Promise<void> => {
    isPolling = true
    try {
      while (watchers.size > 0) {
        await clock.sleep(PERIOD_MS)
        if (watchers.size === 0) return
        const view = await viewNow()
        for (const tell of [...watchers]) tell(view)
      }
    } finally {
      isPolling = false
    }
  }

  async function* stream(signal: AbortSignal): AsyncGenerator<FlowsView, void, void> {
    const queue = openQueue<FlowsView>(UNREAD_LIMIT, 'drop-oldest')
    try {
      queue.push(await viewNow())
      watchers.add(queue.push)
      if (!isPolling) void poll()
      yield* queue.values(signal)
    } finally {
      watchers.delete(queue.push)
    }
  }

  return {
    stream,
    see: async () => {
      const known = await look()
      return known === null ? null : seeFlows(known.flows, known.source.plan.carriage.relay)
    },
  }
}
