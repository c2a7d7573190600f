import type { Act, AppContract, DeploymentView, Problem, StepId } from '../../contract/app.ts'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { type DeploymentPlan, slotsOf } from '../../domain/tunnel-plan.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import { problemOf } from '../problem.ts'
import { openSchedule } from '../rotation/schedule.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { Subject, Telemetry } from '../telemetry/telemetry.ts'
import type { Topic } from '../topic.ts'
import { type ActOrder, type ActsEnvironment, performChange, performDown, performUp } from './acts.ts'
import { applyState } from './apply-state.ts'
import { type Attendant, openAttendant } from './attend.ts'
import { verbForChange } from './compare-plans.ts'
import { completePlan } from './complete-plan.ts'
import { newDeploymentId } from './identity.ts'
import { observeDeployment } from './observe.ts'
import { type HostManner, inManner, plannedHost, stillTuned } from './planned-host.ts'
import { preflight } from './preflight.ts'
import { reconcile } from './reconcile.ts'
import { busy, noSuchTunnel, nothingUp } from './refusals.ts'
import { scaledPlan } from './scaled-plan.ts'
import type { StepHost } from './step.ts'
import { isForbidden, stepsToNothing } from './steps-to-nothing.ts'
import { openTuningTrials, type TuningTrials } from './try-tuning.ts'
import { openTunnelUse, type TunnelUse } from './use-tunnels.ts'
import { openCloudWatch } from './watch-cloud.ts'

/** How what is up carries, as far as it is to be changed. */
export type Manner = ParsedInputOf<AppContract, 'deployment.adjust'>

/** A provider with the link to its helper. */
export type Cloud = { readonly provider: CloudProvider; readonly host: StepHost }

export type Deployment = TunnelUse & {
  readonly views: Topic<DeploymentView>
  /**
   * `id`: of a new deployment whose bastions are there already, found by their tags; `null` chooses one.
   * @throws MoleError `bad-input`, `conflict`, `not-available`, `missing-program`, … before anything is made.
   */
  deploy(plan: DeploymentPlan, profile: string | null, id?: string | null): Promise<{ id: string }>
  /** `null` leaves them as they are. */
  scale(tunnels: number | null, bastions: number | null): Promise<{ id: string }>
  /** The same for scaling by itself; tells how it ended. Whoever asks for something else stops it. */
  scaleUnasked(tunnels: number): Promise<Act['state']>
  /** Changes how what is up carries; `null` leaves a part as it is. @throws MoleError `not-found` when nothing is up. */
  adjust(change: Manner): Promise<{ id: string }>
  /** Gives the tunnels of these slots new keys; `null`: all. @throws MoleError `bad-input` where there is no such tunnel. */
  rotate(tunnels: readonly number[] | null): Promise<{ id: string }>
  /** What has measured better: from now on the host is in this manner. @throws MoleError `conflict` while an act runs. */
  settle(manner: HostManner): Promise<void>
  /** Tries a manner, without recording that; `null` ends it. An act that begins ends it, too. */
  readonly tune: TuningTrials['tune']
  /** What is recorded to be up. @throws MoleError `not-found` when nothing is. */
  record(): DeploymentRecord
  teardown(): Promise<void>
  /** @throws MoleError `conflict` when nothing is going on. */
  cancel(): void
  /** What is up, or was tried, by the profile `name` is from now on up by `to`. */
  renameProfile(name: string, to: string): void
  /** Nothing deployed, nothing going on. */
  isIdle(): boolean
  close(): Promise<void>
}

export type DeploymentEnvironment = Omit<ActsEnvironment, 'onApplied' | 'onAgentless' | 'closing'> & {
  readonly telemetry: Telemetry
  cloudOf(plan: DeploymentPlan): Cloud
  /** The cloud in which something is left although nothing is recorded. */
  withResidue(): Promise<Cloud>
  onCounters: Subject['onCounters']
}

type Verb = Act['verb']

/** What nobody asked for gives way to a teardown, … */
const ANYTHING: readonly Verb[] = ['recover', 'scale', 'rotate']
/** … but for a repair to whatever else changes the deployment … */
const ALL_BUT_REPAIR: readonly Verb[] = ['scale', 'rotate']
/** … and to new keys only where it makes some itself: a step that is half-made is not left for them. */
const ROTATION: readonly Verb[] = ['rotate']

/** Steps that put what is up right and launch nothing. */
const BUYS_NOTHING: ReadonlySet<StepId> = new Set(['apply-host', 'verify', 'rotate-keys', 'retire-bastion'])

/** The one deployment and the acts upon it; one act at a time. */
export const openDeployment = (environment: DeploymentEnvironment): Deployment => {
  const { standing, telemetry, clock } = environment
  const closing = new AbortController()
  let claimed: string | null = null
  let running: { cancel: AbortController; done: Promise<void> } | null = null
  /** What is going on was begun by the watch, and by no person. */
  let isUnasked = false
  /** Before the step that scaling by itself is making; `null` while it makes none. */
  let before: Pick<DeploymentPlan, 'tunnels' | 'bastions'> | null = null

  const isActing = (): boolean => claimed !== null

  const trials = openTuningTrials({ ...environment, closing: closing.signal, isActing })
  const watch = openCloudWatch({
    ...environment,
    isActing,
    repair: async () => {
      await repair()
    },
  })
  const attendant: Attendant = openAttendant({
    ...environment,
    isActing,
    onBastionSilent: () => watch.nudge(),
  })
  const schedule = openSchedule({
    ...environment,
    // What is tried is measured meanwhile, and an act would end it.
    isActing: () => isActing() || trials.isTrying(),
    rotate: (slots) => rotateUnasked(slots),
  })
  const attend = (): void => {
    const { record } = standing.get()
    if (record === null) return
    const cloud = environment.cloudOf(record.plan)
    attendant.attend(cloud, record)
    watch.start(cloud)
    schedule.start()
  }
  const leave = (): void => {
    attendant.leave()
    watch.stop()
    schedule.stop()
  }

  const onRemoving = (): void => {
    leave()
    environment.onRemoving()
  }
  const { onAgentless } = schedule
  const acts: ActsEnvironment = {
    ...environment,
    closing: closing.signal,
    onApplied: attend,
    onRemoving,
    onAgentless,
  }

  /** An act that has shown its end may need a turn more to be over; who follows its views must not meet it again. */
  const settled = async (): Promise<void> => {
    if (running !== null && standing.get().act?.state !== 'running') await running.done
  }

  /** Claims the right to act, without an await between look and claim, so that of two callers one gets `conflict`. */
  const claim = async <T>(verb: string, prepare: () => Promise<T>): Promise<T> => {
    await settled()
    if (claimed !== null) throw busy(claimed)
    claimed = verb
    try {
      await trials.idle()
      return await prepare()
    } finally {
      if (running === null) claimed = null
    }
  }

  /** What nobody asked for stands in nobody's way. */
  const callOffUnasked = async (which: readonly Verb[]): Promise<void> => {
    const verb = standing.get().act?.verb
    if (!isUnasked || running === null || verb === undefined || !which.includes(verb)) return
    running.cancel.abort(new MoleError('cancelled', 'Somebody asked for something else.'))
    await running.done
  }

  /** A step that nobody asked for and somebody called off is not to be finished by what comes next. */
  const takeBackStep = (): void => {
    const { record, act } = standing.get()
    if (before !== null && record !== null && act?.state === 'cancelled') {
      const as = { ...record, plan: { ...record.plan, ...before } }
      environment.store.saveDeployment(as)
      standing.set({ record: as })
    }
    before = null
  }

  const breakOff = (problem: Problem): void => {
    const { act } = standing.get()
    const ended = act === null ? null : { ...act, state: 'failed' as const, endedAtMs: clock.wallMs() }
    standing.set({ problem, act: ended, turningBack: false })
  }

  /** What an act could not change as it was asked to is still there, and still to be watched. */
  const attendWhatLives = (): void => {
    const { record, act } = standing.get()
    if (closing.signal.aborted || act?.state === 'done' || record === null) return
    // These go on being watched all the time.
    if (act?.verb === 'adjust' || act?.verb === 'rotate') return
    if (record.desired === 'up' && record.connectedAtMs !== null) attend()
  }

  const launch = (order: Omit<ActOrder, 'signal'>, perform: typeof performUp): void => {
    // What was asked for while the engine ended has not begun.
    closing.signal.throwIfAborted()
    const cancel = new AbortController()
    isUnasked = order.isUnasked === true
    const done = perform(acts, { ...order, signal: cancel.signal })
      .catch((error: unknown) => {
        // Its own failures an act tells by itself; here only the journal or the store can have failed.
        if (!closing.signal.aborted) breakOff(problemOf(error, environment.log))
      })
      .finally(() => {
        running = null
        claimed = null
        isUnasked = false
        if (!closing.signal.aborted) takeBackStep()
        attendWhatLives()
        // Whoever waits for idleness listens to the views.
        if (!closing.signal.aborted) standing.set({})
      })
    running = { cancel, done }
  }

  const bringUp = async (
    cloud: Cloud,
    record: DeploymentRecord,
    verb: 'deploy' | 'scale' | 'recover' | 'adjust',
    watched: 'watched' | 'unwatched' = verb === 'scale' || verb === 'adjust' ? 'watched' : 'unwatched',
  ): Promise<{ id: string }> => {
    const before = standing.get().record
    // What is there is judged by what is wanted from now on.
    const { observed } = await observeDeployment(cloud.provider, cloud.host, before === null ? null : record)
    const steps = reconcile({ kind: 'up', plan: record.plan }, observed)
    if (watched === 'unwatched') leave()
    if (before === null) telemetry.clear()
    launch({ verb, provider: cloud.provider, host: cloud.host, record, steps }, performUp)
    return { id: record.id }
  }

  const deploy: Deployment['deploy'] = async (asked, profile, id = null) => {
    await callOffUnasked(ALL_BUT_REPAIR)
    return claim('deploy', async () => {
      const cloud = environment.cloudOf(asked)
      const { record } = standing.get()
      const plan = await completePlan(cloud.provider, asked, record)
      await preflight(cloud.provider, plan)
      if (record === null) return bringUp(cloud, freshRecord(plan, profile, id, clock.wallMs()), 'deploy')
      const verb = verbForChange(record, { plan, profile })
      // Repaired without naming a profile, it is still that profile's.
      const next = { ...withPlan(record, plan), profile: profile ?? record.profile, desired: 'up' as const }
      return bringUp(cloud, next, record.connectedAtMs === null ? 'deploy' : verb)
    })
  }

  /** Makes again what is missing of what is up. Tunnels that live go on being watched meanwhile. */
  const repair = (): Promise<{ id: string }> =>
    claim('recover', async () => {
      const { record } = standing.get()
      if (record === null || record.desired === 'nothing') throw nothingUp()
      const begun = await bringUp(environment.cloudOf(record.plan), record, 'recover', 'watched')
      isUnasked = true
      return begun
    })

  const scale: Deployment['scale'] = async (tunnels, bastions) => {
    await callOffUnasked(ALL_BUT_REPAIR)
    return claim('scale', async () => {
      const { record } = standing.get()
      if (record === null || record.desired === 'nothing') throw nothingUp()
      const plan = scaledPlan(record.plan, tunnels, bastions)
      return bringUp(environment.cloudOf(plan), { ...record, plan }, record.connectedAtMs === null ? 'deploy' : 'scale')
    })
  }

  const scaleUnasked: Deployment['scaleUnasked'] = async (tunnels) => {
    await claim('scale', async () => {
      const record = connectedRecord()
      const plan = scaledPlan(record.plan, tunnels, null)
      const begun = await bringUp(environment.cloudOf(plan), { ...record, plan }, 'scale')
      isUnasked = true
      before = { tunnels: record.plan.tunnels, bastions: record.plan.bastions }
      return begun
    })
    await running?.done
    return standing.get().act?.state ?? 'failed'
  }

  /** @throws MoleError `not-found` where there is nothing whose way of carrying could be changed. */
  const connectedRecord = (): DeploymentRecord => {
    const { record } = standing.get()
    if (record === null || record.desired === 'nothing' || record.connectedAtMs === null) throw nothingUp()
    return record
  }

  const change = (
    order: Pick<ActOrder, 'verb' | 'steps' | 'toRotate' | 'isUnasked'> & { record: DeploymentRecord },
  ): { id: string } => {
    launch({ ...environment.cloudOf(order.record.plan), ...order }, performChange)
    return { id: order.record.id }
  }

  /** What puts right what is up; `null` where that is not known, or takes more than `BUYS_NOTHING`. */
  const stepsThatMend = async (record: DeploymentRecord): Promise<readonly StepId[] | null> => {
    const { provider, host } = environment.cloudOf(record.plan)
    const seen = await observeDeployment(provider, host, record).catch((error: unknown) => {
      problemOf(error, environment.log)
      return null
    })
    const steps = seen === null ? [] : reconcile({ kind: 'up', plan: record.plan }, seen.observed)
    return steps.length > 0 && steps.every((step) => BUYS_NOTHING.has(step)) ? steps : null
  }

  const adjust: Deployment['adjust'] = async ({ carriage, autoscale, tuning }) => {
    await callOffUnasked(ALL_BUT_REPAIR)
    return claim('adjust', async () => {
      const { plan, ...known } = connectedRecord()
      const adjusted = {
        ...plan,
        carriage: carriage ?? plan.carriage,
        autoscale: autoscale ?? plan.autoscale,
        tuning: tuning ?? plan.tuning,
      }
      const record = withPlan({ plan, ...known }, adjusted)
      const mending = standing.get().problem === null ? null : await stepsThatMend(record)
      if (mending === null) return change({ verb: 'adjust', record, steps: ['apply-host'] })
      launch({ ...environment.cloudOf(adjusted), verb: 'adjust', record, steps: mending }, performUp)
      return { id: record.id }
    })
  }

  const rotateSlots = (tunnels: readonly number[] | null, isUnasked: boolean): Promise<{ id: string }> =>
    claim('rotate', async () => {
      const record = connectedRecord()
      const slots = slotsOf(record.plan)
      const missing = tunnels?.find((tunnel) => !slots.includes(tunnel))
      if (missing !== undefined) throw noSuchTunnel(missing, slots)
      const toRotate = [...new Set(tunnels ?? slots)]
      return change({ verb: 'rotate', record, steps: ['rotate-keys'], toRotate, isUnasked })
    })

  const rotate: Deployment['rotate'] = async (tunnels) => {
    await callOffUnasked(ROTATION)
    return rotateSlots(tunnels, false)
  }

  const rotateUnasked = async (slots: readonly number[]): Promise<Act['state']> => {
    await rotateSlots(slots, true)
    await running?.done
    return standing.get().act?.state ?? 'failed'
  }

  const settle: Deployment['settle'] = (manner) =>
    claim('adjust', async () => {
      const record = inManner(connectedRecord(), manner)
      const { provider, host } = environment.cloudOf(record.plan)
      const helper = await host.ensure(closing.signal)
      environment.store.saveDeployment(record)
      standing.set({ record })
      await applyState(provider, helper, plannedHost(record), closing.signal)
    })

  const teardown = async (): Promise<void> => {
    await callOffUnasked(ANYTHING)
    return claim('teardown', async () => {
      const { record } = standing.get()
      const cloud = record === null ? await environment.withResidue() : environment.cloudOf(record.plan)
      const going = record === null ? null : { ...record, desired: 'nothing' as const }
      const steps = await stepsToNothing(cloud, record, environment.log, isForbidden)
      launch({ verb: 'teardown', provider: cloud.provider, host: cloud.host, record: going, steps }, performDown)
    })
  }

  const cancel = (): void => {
    if (running === null)
      throw new MoleError('conflict', 'Nothing is going on that could be cancelled.', { field: 'act' })
    running.cancel.abort(new MoleError('cancelled', 'Cancelled.'))
  }

  const renameProfile: Deployment['renameProfile'] = (name, to) => {
    const { record, tried } = standing.get()
    if (tried?.profile === name) standing.set({ tried: { ...tried, profile: to } })
    if (record?.profile !== name) return
    const renamed = { ...record, profile: to }
    environment.store.saveDeployment(renamed)
    standing.set({ record: renamed })
  }

  // An engine that finds a living deployment watches it from the start.
  const { record, problem } = standing.get()
  if (record !== null && record.desired === 'up' && problem === null) attend()

  return {
    views: standing.views,
    deploy,
    scale,
    scaleUnasked,
    adjust,
    rotate,
    settle,
    tune: trials.tune,
    record: connectedRecord,
    teardown,
    cancel,
    ...openTunnelUse(environment),
    renameProfile,
    isIdle: () => claimed === null && standing.get().record === null,
    close: async () => {
      leave()
      closing.abort(new MoleError('interrupted', 'The engine ended.'))
      await running?.done
      standing.views.end()
    },
  }
}

/** The same by another plan. */
const withPlan = (record: DeploymentRecord, plan: DeploymentPlan): DeploymentRecord => ({
  ...record,
  plan,
  tuned: stillTuned(record.tuned, record.plan.tuning.wanted, plan.tuning.wanted),
})

const freshRecord = (
  plan: DeploymentPlan,
  profile: string | null,
  id: string | null,
  atMs: number,
): DeploymentRecord => ({
  id: id ?? newDeploymentId(plan.target),
  plan,
  profile,
  desired: 'up',
  bastions: [],
  createdAtMs: atMs,
  connectedAtMs: null,
  tuned: [],
})
