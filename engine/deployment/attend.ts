import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '../../contract/app.ts'
import { slotsOf } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { CloudObservation, CloudProvider } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { healthChanges } from '../telemetry/health.ts'
import type { Subject, Telemetry } from '../telemetry/telemetry.ts'
import type { Cloud } from './deployment.ts'
import { NOTHING_SEEN, observeDeployment } from './observe.ts'
import { isComplete } from './reconcile.ts'
import { restingSlots } from './resting-slots.ts'
import { goneProblemOf, incompleteProblem } from './resume.ts'
import type { StandingTopic } from './standing-topic.ts'
import type { Health } from './view.ts'

/** Watches over a deployment that is up, and keeps its standing true. */
export type Attendant = {
  attend(cloud: Cloud, record: DeploymentRecord): void
  /** The host was made as planned: which tunnels rest is to be decided anew. */
  reconsider(): void
  leave(): void
}

export type AttendEnvironment = {
  readonly standing: StandingTopic
  readonly telemetry: Telemetry
  readonly activity: Activity
  readonly log: Log
  onCounters: Subject['onCounters']
  /** A tunnel has fallen silent: something may have become of its bastion. */
  onSilent(): void
  /** The tunnels that should carry nothing have changed. */
  onResting(slots: ReadonlySet<number>): void
  /** While an act runs, the act tells how things stand. */
  isActing(): boolean
}

const goneBastions = ({ bastions }: CloudObservation): Set<number> =>
  new Set(bastions.filter(({ state }) => state === 'failed').map(({ index }) => index))

/** "Not measured yet" says nothing against what was found before. */
const merged = (before: ReadonlyMap<number, Health>, now: ReadonlyMap<number, Health>): ReadonlyMap<number, Health> =>
  new Map([...now].map(([slot, health]) => [slot, health === 'unknown' ? (before.get(slot) ?? health) : health]))

export const openAttendant = (environment: AttendEnvironment): Attendant => {
  const { standing, telemetry, activity, log, isActing } = environment

  const tell = (slot: number, health: Health, before: Health | undefined): void => {
    if (health === 'silent') activity.add('warning', 'tunnel.silent', `No echo through tunnel ${slot} for 3 s.`)
    if (health === 'up' && before === 'silent') activity.add('info', 'tunnel.up', `Tunnel ${slot} answers again.`)
  }

  const onHealth = (now: ReadonlyMap<number, Health>): void => {
    const before = standing.get().health
    const health = merged(before, now)
    const changes = healthChanges(before, health)
    rest(health)
    if (changes.length === 0 && health.size === before.size) return
    if (!isActing()) for (const [slot, state] of changes) tell(slot, state, before.get(slot))
    standing.set({ health })
    if (!isActing() && changes.some(([, state]) => state === 'silent')) environment.onSilent()
  }

  /** What was asked for last; `null`: how the host was left is not known. */
  let asked: ReadonlySet<number> | null = null

  /** While an act runs it decides what is applied. */
  const rest = (health: ReadonlyMap<number, Health>): void => {
    const { record, cloud } = standing.get()
    if (record === null || isActing()) return
    const next = restingSlots(slotsOf(record.plan), health, goneBastions(cloud))
    if (isDeepStrictEqual(next, asked)) return
    asked = next
    environment.onResting(next)
  }

  const onGone = (provider: CloudProvider): void => {
    const problem = goneProblemOf(provider)
    if (standing.get().problem?.message === problem.message) return
    activity.add('error', 'deployment.gone', problem.message)
    const { cloud } = standing.get()
    standing.set({ detached: false, cloud: provider.id === 'lab' ? NOTHING_SEEN : cloud, health: new Map(), problem })
  }

  const onLost = async (cloud: Cloud, id: string, problem: Problem): Promise<void> => {
    const lives = await cloud.provider.host.lives()
    const { detached, problem: known, record } = standing.get()
    if (isActing() || record?.id !== id) return
    if (!lives) return onGone(cloud.provider)
    if (!detached) activity.add('error', 'helper.lost', problem.message)
    if (!detached || known?.message !== problem.message) standing.set({ detached: true, problem })
  }

  /** The helper is back: is everything else, too? */
  const onFound = async (cloud: Cloud): Promise<void> => {
    const { record, detached } = standing.get()
    if (record === null || isActing() || !detached) return
    const { observed, cloud: seen } = await observeDeployment(cloud.provider, cloud.host, record)
    if (isActing() || standing.get().record?.id !== record.id) return
    const complete = isComplete(observed)
    activity.add(
      complete ? 'info' : 'error',
      'helper.found',
      complete ? 'The helper answers again; the tunnels are as they were.' : incompleteProblem.message,
    )
    standing.set({ detached: false, cloud: seen, problem: complete ? null : incompleteProblem })
  }

  return {
    attend: (cloud, { id }) => {
      asked = null
      telemetry.start({
        host: cloud.host,
        slots: () => {
          const { record } = standing.get()
          return record === null ? [] : slotsOf(record.plan)
        },
        onCounters: environment.onCounters,
        onHealth,
        onLost: (problem) => void onLost(cloud, id, problem).catch((error: unknown) => problemOf(error, log)),
        onFound: () => void onFound(cloud).catch((error: unknown) => problemOf(error, log)),
        mayRevive: () => cloud.provider.host.lives(),
      })
    },
    reconsider: () => {
      asked = null
    },
    leave: telemetry.stop,
  }
}
