import { isDeepStrictEqual } from 'node:util'
import type { Act, AutoscaleView, TelemetrySample } from '../../contract/app.ts'
import { decide } from '../../domain/autoscale/decide.ts'
import type { Decision } from '../../domain/autoscale/decision.ts'
import type { FlowSeen } from '../../domain/autoscale/look.ts'
import { beginAutoscale } from '../../domain/autoscale/state.ts'
import { memoryAfterFailure } from '../../domain/autoscale/trial.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { StandingTopic } from '../deployment/standing-topic.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { Store } from '../store/store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { openTopic } from '../topic.ts'
import { withDecision, withOutcome } from './decisions.ts'
import { carriageOf, connectedRecord, takeLook, whyNotMade } from './take-look.ts'
import { type Known, NOTHING_KNOWN, renderAutoscale } from './view.ts'

/** Changes the number of tunnels by what is measured, where that is switched on; measures where it is not, too. */
export type Autoscaler = {
  stream(signal: AbortSignal): AsyncGenerator<AutoscaleView, void, void>
  /** From here on nothing is decided, noted or told. */
  close(): void
}

export type AutoscaleEnvironment = {
  readonly standing: StandingTopic
  readonly telemetry: Pick<Telemetry, 'stream'>
  readonly store: Pick<Store, 'autoscale' | 'saveAutoscale' | 'forgetAutoscale'>
  readonly clock: Clock
  readonly activity: Pick<Activity, 'add'>
  readonly log: Log
  /** The connections now; `null` when they cannot be looked at. */
  seeFlows(): Promise<readonly FlowSeen[] | null>
  /** Makes it so many tunnels, and tells how that ended. @throws MoleError `conflict` when something else is going on. */
  scale(tunnels: number): Promise<Act['state']>
  /** What else must not be disturbed now, as a sentence; `null` for nothing. */
  busyWith(): string | null
}

/** With less than this carried no flow is worth a look. */
const WORTH_A_LOOK = 100_000

/** What was measured since is written down this often; what was decided, at once. */
const SAVE_EVERY_MS = 10_000

const VERBS = { up: 'added', down: 'removed', revert: 'taken back' } as const

const tellStep = ({ action, from, to, reason }: Decision): string =>
  action === 'hold' ? reason : `Tunnels ${VERBS[action]} by itself, ${from} → ${to}. ${reason}`

const carriedBy = ({ tunnels }: TelemetrySample): number =>
  tunnels.reduce((sum, tunnel) => sum + tunnel.upBitsPerSecond + tunnel.downBitsPerSecond, 0)

export const openAutoscale = (environment: AutoscaleEnvironment): Autoscaler => {
  const { standing, telemetry, store, clock, activity, log } = environment
  const views = openTopic<AutoscaleView>(NOTHING_KNOWN)
  const closing = new AbortController()
  /** Wall clock as of now, going on steadily: one that is set meanwhile stretches no cooldown. */
  const offsetMs = clock.wallMs() - clock.monotonicMs()
  const nowMs = (): number => Math.round(offsetMs + clock.monotonicMs())
  let known: Known | null = null
  let isActing = false
  let savedAtMs = Number.NEGATIVE_INFINITY

  const begin = ({ id, plan }: DeploymentRecord): Known => {
    const kept = store.autoscale(id)
    return {
      deploymentId: id,
      settings: plan.autoscale,
      state: beginAutoscale(kept?.memory ?? null, nowMs()),
      decisions: { list: kept?.decisions ?? [], holdCause: null },
      load: null,
    }
  }

  const set = (next: Known | null): void => {
    known = next
    views.publish(next === null ? NOTHING_KNOWN : renderAutoscale(next))
  }

  const save = ({ deploymentId, state, decisions }: Known): void => {
    store.saveAutoscale({ deploymentId, memory: state.memory, decisions: decisions.list })
    savedAtMs = clock.monotonicMs()
  }

  /** What is up may be another, or be scaled by other settings, or be gone. */
  const follow = (): void => {
    const { record: recorded } = standing.get()
    const record = connectedRecord(standing.get())
    if (known !== null && recorded?.id !== known.deploymentId) {
      store.forgetAutoscale(known.deploymentId)
      set(null)
    }
    if (record === null) return
    if (known === null) set(begin(record))
    else if (!isDeepStrictEqual(known.settings, record.plan.autoscale))
      set({ ...known, settings: record.plan.autoscale })
    // What was measured before the helper fell silent says nothing of now.
    if (standing.get().detached && known !== null && known.load !== null) set({ ...known, load: null })
  }

  const note = (decision: Decision, outcome: string): void => {
    if (known === null || closing.signal.aborted) return
    const next = { ...known, decisions: withOutcome(known.decisions, decision.atMs, outcome) }
    set(next)
    save(next)
  }

  /**
   * A step up that could not be made is not left half-made: a bastion that cannot be had would leave fewer tunnels than
   * before, for they are dealt over all bastions.
   */
  const undo = async (decision: Decision, why: string): Promise<void> => {
    if (known === null || closing.signal.aborted) return
    const { settings, state, deploymentId } = known
    const record = connectedRecord(standing.get())
    if (record?.id !== deploymentId) return
    const memory = memoryAfterFailure(state.memory, settings, carriageOf(record.plan), nowMs())
    known = { ...known, state: { ...state, memory } }
    activity.add('warning', 'autoscale.failed', `The step to ${decision.to} tunnels could not be made: ${why}`)
    note(decision, `It could not be made, and is taken back: ${why}`)
    await environment.scale(decision.from)
  }

  const act = async (decision: Decision): Promise<void> => {
    isActing = true
    activity.add('info', `autoscale.${decision.action}`, tellStep(decision))
    try {
      const state = await environment.scale(decision.to)
      const why = decision.action === 'up' && state !== 'cancelled' ? whyNotMade(standing.get(), decision.from) : null
      if (why !== null) await undo(decision, why)
      else if (state !== 'done') note(decision, 'It was not done: see the act.')
    } catch (error) {
      if (closing.signal.aborted) return
      const { message } = problemOf(error, log)
      activity.add('warning', 'autoscale.failed', `The number of tunnels could not be changed: ${message}`)
      note(decision, `It was not done: ${message}`)
    } finally {
      isActing = false
    }
  }

  const take = async (sample: TelemetrySample): Promise<void> => {
    follow()
    if (known === null || connectedRecord(standing.get()) === null) return
    const isWorth = known.settings.enabled && carriedBy(sample) >= WORTH_A_LOOK
    const flows = isWorth ? await environment.seeFlows() : []
    const record = connectedRecord(standing.get())
    if (known === null || record?.id !== known.deploymentId || closing.signal.aborted) return
    const now = { atMs: nowMs(), isActing, busyWith: environment.busyWith() }
    const look = takeLook(standing.get(), record, sample, flows, now)
    const { state, decision, outcome, load } = decide(record.plan.autoscale, known.state, look)
    if (load === null) {
      known = { ...known, state }
      return
    }
    const judged = outcome === null ? known.decisions : withOutcome(known.decisions, outcome.ofMs, outcome.text)
    const decisions = decision === null ? judged : withDecision(judged, decision)
    const next = { ...known, settings: record.plan.autoscale, state, load, decisions }
    const isStep = decision !== null && decision.action !== 'hold'
    set(next)
    if (isStep || clock.monotonicMs() - savedAtMs >= SAVE_EVERY_MS) save(next)
    if (isStep) void act(decision)
  }

  const run = async (): Promise<void> => {
    for await (const feed of telemetry.stream(0, closing.signal)) {
      if (feed.kind !== 'sample') continue
      // One look that fails says nothing of the next.
      await take(feed.sample).catch((error: unknown) => void problemOf(error, log))
    }
  }

  follow()
  const unlisten = standing.views.listen(follow)
  void run()
  return {
    stream: views.stream,
    close: () => {
      unlisten()
      closing.abort()
      views.end()
    },
  }
}
