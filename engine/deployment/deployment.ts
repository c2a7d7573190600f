import type { DeploymentView, Problem } from '../../contract/app.ts'
import { badInput, MoleError } from '../../contract/errors.ts'
import { bastionOfSlot, DeploymentPlan, planHostState, slotsOf } from '../../domain/tunnel-plan.ts'
import type { CloudProvider, HelperClient } from '../cloud/provider.ts'
import { problemOf } from '../problem.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'
import type { Subject, Telemetry } from '../telemetry/telemetry.ts'
import type { Topic } from '../topic.ts'
import { type ActOrder, type ActsEnvironment, performDown, performUp } from './acts.ts'
import { applyState } from './apply-state.ts'
import { type Attendant, openAttendant } from './attend.ts'
import { firstServing } from './bastion-record.ts'
import { verbForChange } from './compare-plans.ts'
import { completePlan } from './complete-plan.ts'
import { bastionId, newDeploymentId } from './identity.ts'
import { observeDeployment } from './observe.ts'
import { preflight } from './preflight.ts'
import { reconcile } from './reconcile.ts'
import { renderWgQuick, wgQuickFileName } from './render-wg-quick.ts'
import { restingSlots } from './resting-slots.ts'
import type { StepHost } from './step.ts'
import { openCloudWatch } from './watch-cloud.ts'

/** A provider with the link to its helper. */
export type Cloud = { readonly provider: CloudProvider; readonly host: StepHost }

export type Deployment = {
  readonly views: Topic<DeploymentView>
  /**
   * `id`: of a new deployment whose bastions are there already, found by their tags; `null` chooses one.
   * @throws MoleError `bad-input`, `conflict`, `not-available`, `missing-program`, … before anything is made.
   */
  deploy(plan: DeploymentPlan, profile: string | null, id?: string | null): Promise<{ id: string }>
  /** `null` leaves them as they are. */
  scale(tunnels: number | null, bastions: number | null): Promise<{ id: string }>
  teardown(): Promise<void>
  /** @throws MoleError `conflict` when nothing is going on. */
  cancel(): void
  breakPath(tunnel: number, state: 'broken' | 'healthy'): Promise<void>
  /** The helper and bastion of what is up. @throws MoleError `not-found` when nothing is. */
  carrier(): Promise<{ helper: HelperClient; bastionId: string }>
  /** wg-quick files of the tunnels that are up, without keys. @throws MoleError `not-found` when nothing is. */
  exportTunnels(): Promise<{ name: string; text: string }[]>
  /** What is up, or was tried, by the profile `name` is from now on up by `to`. */
  renameProfile(name: string, to: string): void
  /** Nothing deployed, nothing going on. */
  isIdle(): boolean
  close(): Promise<void>
}

export type DeploymentEnvironment = Omit<ActsEnvironment, 'onApplied' | 'closing'> & {
  readonly telemetry: Telemetry
  cloudOf(plan: DeploymentPlan): Cloud
  /** The cloud in which something is left although nothing is recorded. */
  withResidue(): Promise<Cloud>
  onCounters: Subject['onCounters']
}

const REST_LIMIT_MS = 10_000

const busy = (verb: string): MoleError =>
  new MoleError('conflict', `Another act is going on (${verb}).`, {
    field: 'act',
    meaning: 'Two at once would undo each other’s work. Nothing was changed.',
    nextStep: 'Wait for its end, or cancel it.',
  })

const nothingUp = (): MoleError =>
  new MoleError('not-found', 'Nothing is deployed.', {
    field: 'deployment',
    meaning: 'There are no tunnels to use or change.',
    nextStep: 'Deploy first: "mole up".',
  })

/** The one deployment and the acts upon it; one act at a time. */
export const openDeployment = (environment: DeploymentEnvironment): Deployment => {
  const { standing, telemetry, clock } = environment
  const closing = new AbortController()
  let claimed: string | null = null
  let running: { cancel: AbortController; done: Promise<void> } | null = null

  const isActing = (): boolean => claimed !== null

  /** Takes tunnels out of the route, and puts back those that rest no longer. */
  const rest = async (slots: ReadonlySet<number>): Promise<void> => {
    const { record } = standing.get()
    if (record === null || isActing()) return
    const { provider, host } = environment.cloudOf(record.plan)
    const helper = await host.find()
    if (helper === null) return
    const state = planHostState(record.plan, record.id, endsOf(record), slots)
    await applyState(provider, helper, state, AbortSignal.any([closing.signal, AbortSignal.timeout(REST_LIMIT_MS)]))
    environment.activity.add(
      'warning',
      'tunnels.resting',
      slots.size === 0
        ? 'Every tunnel carries traffic again.'
        : `Taken out of the route, for nothing comes back through them: tunnels ${[...slots].join(', ')}.`,
    )
  }
  const tolerating = (work: Promise<void>): void =>
    void work.catch((error: unknown) => void problemOf(error, environment.log))

  const watch = openCloudWatch({
    ...environment,
    isActing,
    onSeen: environment.onSeen,
    onGone: async (bastions) => {
      const { record, health } = standing.get()
      if (record !== null) await rest(restingSlots(slotsOf(record.plan), health, bastions))
    },
    repair: async () => {
      await repair()
    },
  })
  const attendant: Attendant = openAttendant({
    ...environment,
    isActing,
    onResting: (slots) => {
      tolerating(rest(slots))
      watch.nudge()
    },
  })
  const attend = (): void => {
    const { record } = standing.get()
    if (record === null) return
    const cloud = environment.cloudOf(record.plan)
    attendant.attend(cloud, record)
    watch.start(cloud)
  }
  const leave = (): void => {
    attendant.leave()
    watch.stop()
  }

  const onRemoving = (): void => {
    leave()
    environment.onRemoving()
  }
  const acts: ActsEnvironment = { ...environment, closing: closing.signal, onApplied: attend, onRemoving }

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
      return await prepare()
    } finally {
      if (running === null) claimed = null
    }
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
    if (record.desired === 'up' && record.connectedAtMs !== null) attend()
  }

  const launch = (order: Omit<ActOrder, 'signal'>, perform: typeof performUp): void => {
    const cancel = new AbortController()
    const done = perform(acts, { ...order, signal: cancel.signal })
      .catch((error: unknown) => {
        // Its own failures an act tells by itself; here only the journal or the store can have failed.
        if (!closing.signal.aborted) breakOff(problemOf(error, environment.log))
      })
      .finally(() => {
        running = null
        claimed = null
        attendWhatLives()
        // Whoever waits for idleness listens to the views.
        if (!closing.signal.aborted) standing.set({})
      })
    running = { cancel, done }
  }

  const bringUp = async (
    cloud: Cloud,
    record: DeploymentRecord,
    verb: 'deploy' | 'scale' | 'recover',
    watched: 'watched' | 'unwatched' = verb === 'scale' ? 'watched' : 'unwatched',
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

  const deploy: Deployment['deploy'] = (asked, profile, id = null) =>
    claim('deploy', async () => {
      const cloud = environment.cloudOf(asked)
      const { record } = standing.get()
      const plan = await completePlan(cloud.provider, asked, record)
      await preflight(cloud.provider, plan)
      if (record === null) return bringUp(cloud, freshRecord(plan, profile, id, clock.wallMs()), 'deploy')
      const verb = verbForChange(record, { plan, profile })
      // Repaired without naming a profile, it is still that profile's.
      const next = { ...record, plan, profile: profile ?? record.profile, desired: 'up' as const }
      return bringUp(cloud, next, record.connectedAtMs === null ? 'deploy' : verb)
    })

  /** Makes again what is missing of what is up. Tunnels that live go on being watched meanwhile. */
  const repair = (): Promise<{ id: string }> =>
    claim('recover', async () => {
      const { record } = standing.get()
      if (record === null || record.desired === 'nothing') throw nothingUp()
      return bringUp(environment.cloudOf(record.plan), record, 'recover', 'watched')
    })

  const scale: Deployment['scale'] = (tunnels, bastions) =>
    claim('scale', async () => {
      const { record } = standing.get()
      if (record === null || record.desired === 'nothing') throw nothingUp()
      const plan = scaledPlan(record.plan, tunnels, bastions)
      return bringUp(environment.cloudOf(plan), { ...record, plan }, record.connectedAtMs === null ? 'deploy' : 'scale')
    })

  const teardown = (): Promise<void> =>
    claim('teardown', async () => {
      const { record } = standing.get()
      const cloud = record === null ? await environment.withResidue() : environment.cloudOf(record.plan)
      const going = record === null ? null : { ...record, desired: 'nothing' as const }
      const { observed } = await observeDeployment(cloud.provider, cloud.host, record)
      const steps = reconcile({ kind: 'nothing' }, observed)
      launch({ verb: 'teardown', provider: cloud.provider, host: cloud.host, record: going, steps }, performDown)
    })

  const cancel = (): void => {
    if (running === null)
      throw new MoleError('conflict', 'Nothing is going on that could be cancelled.', { field: 'act' })
    running.cancel.abort(new MoleError('cancelled', 'Cancelled.'))
  }

  const carrier: Deployment['carrier'] = async () => {
    const { record } = standing.get()
    if (record === null || record.desired === 'nothing' || record.connectedAtMs === null) throw nothingUp()
    const helper = await environment.cloudOf(record.plan).host.find()
    if (helper === null) throw unreachable()
    return { helper, bastionId: bastionId(record.id, firstServing(record)) }
  }

  const exportTunnels: Deployment['exportTunnels'] = async () => {
    const { helper } = await carrier()
    const { tunnels } = (await helper.call('inspect', {})).state
    return tunnels.map((tunnel) => ({ name: wgQuickFileName(tunnel), text: renderWgQuick(tunnel, null) }))
  }

  const breakPath: Deployment['breakPath'] = async (tunnel, state) => {
    const { record } = standing.get()
    if (record !== null && !slotsOf(record.plan).includes(tunnel)) throw noSuchTunnel(tunnel, slotsOf(record.plan))
    const { helper } = await carrier()
    const id = bastionId(record?.id ?? '', bastionOfSlot(tunnel))
    const { brokenSlots } = await helper.call('lab.path', { id, slot: tunnel, state })
    const { cloud } = standing.get()
    const bastions = cloud.bastions.map((bastion) => (bastion.id === id ? { ...bastion, brokenSlots } : bastion))
    standing.set({ cloud: { ...cloud, bastions } })
    environment.activity.add(
      'info',
      `path.${state}`,
      `The internet path of tunnel ${tunnel} was ${state === 'broken' ? 'broken' : 'healed'} on request.`,
    )
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
    teardown,
    cancel,
    breakPath,
    carrier,
    exportTunnels,
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
})

/** Fewer tunnels than bastions take bastions along, unless somebody asked for so many. */
const scaledPlan = (plan: DeploymentPlan, tunnels: number | null, bastions: number | null): DeploymentPlan => {
  const count = tunnels ?? Math.max(plan.tunnels, bastions ?? 0)
  const scaled = DeploymentPlan.safeParse({
    ...plan,
    tunnels: count,
    bastions: bastions ?? Math.min(plan.bastions, Math.max(1, count)),
  })
  if (scaled.success) return scaled.data
  throw badInput(scaled.error, 'scale')
}

const unreachable = (): MoleError =>
  new MoleError('helper-unreachable', 'The helper that holds the tunnels does not answer.', {
    field: 'helper',
    meaning: 'Nothing was changed.',
    nextStep: 'Run "mole up" to repair the deployment.',
  })

const listOf = (slots: readonly number[]): string =>
  slots.at(-1) === slots.length ? `a tunnel from 1 to ${slots.length}` : `one of ${slots.join(', ')}`

const noSuchTunnel = (tunnel: number, slots: readonly number[]): MoleError =>
  new MoleError('bad-input', `There is no tunnel ${tunnel}: ${slots.length} ${slots.length === 1 ? 'is' : 'are'} up.`, {
    field: 'tunnel',
    meaning: 'Nothing was changed.',
    nextStep: `Choose ${listOf(slots)}.`,
  })
