import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '../../contract/app.ts'
import type { InterfaceSample } from '../../contract/helper.ts'
import { slotsOf } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { readHealth } from '../telemetry/health.ts'
import type { HelperNews, Subject, Telemetry } from '../telemetry/telemetry.ts'
import type { Cloud } from './deployment.ts'
import { NOTHING_SEEN, observeDeployment } from './observe.ts'
import { isComplete } from './reconcile.ts'
import { goneProblemOf, incompleteProblem } from './resume.ts'
import type { StandingTopic } from './standing-topic.ts'
import { hasSilentBastion, tellHealth } from './tell-health.ts'

/** Watches over a deployment that is up, and keeps its standing true. */
export type Attendant = {
  attend(cloud: Cloud, record: DeploymentRecord): void
  leave(): void
}

export type AttendEnvironment = {
  readonly standing: StandingTopic
  readonly telemetry: Telemetry
  readonly activity: Activity
  readonly log: Log
  onCounters: Subject['onCounters']
  /** All tunnels of a bastion have fallen silent: something may have become of it. */
  onBastionSilent(): void
  /** While an act runs, the act tells how things stand. */
  isActing(): boolean
}

/** Acts under which tunnels go on carrying, and what becomes of them is news. */
const UNDERNEATH: ReadonlySet<string> = new Set(['scale', 'adjust', 'rotate'])

export const openAttendant = (environment: AttendEnvironment): Attendant => {
  const { standing, telemetry, activity, log, isActing } = environment

  const slots = (): number[] => {
    const { record } = standing.get()
    return record === null ? [] : slotsOf(record.plan)
  }

  const isQuiet = (): boolean => isActing() && !UNDERNEATH.has(standing.get().act?.verb ?? '')

  const onInterfaces = (interfaces: readonly InterfaceSample[]): void => {
    const before = standing.get()
    const found = readHealth(before.health, slots(), interfaces)
    const health = new Map([...found].map(([slot, tunnel]) => [slot, tunnel.health] as const))
    const withdrawn = new Set([...found].flatMap(([slot, { carries }]) => (carries ? [] : [slot])))
    if (isDeepStrictEqual([health, withdrawn], [before.health, before.withdrawn])) return
    if (!isQuiet())
      for (const { level, kind, text } of tellHealth(before.health, found)) activity.add(level, kind, text)
    standing.set({ health, withdrawn })
    if (!isActing() && hasSilentBastion(before.health, health)) environment.onBastionSilent()
  }

  const onNews = ({ what, text }: HelperNews): void =>
    activity.add(what === 'rebuild-failed' ? 'warning' : 'info', `helper.${what}`, text)

  const onGone = (provider: CloudProvider): void => {
    const problem = goneProblemOf(provider)
    if (standing.get().problem?.message === problem.message) return
    activity.add('error', 'deployment.gone', problem.message)
    const { cloud } = standing.get()
    standing.set({
      detached: false,
      cloud: provider.id === 'lab' ? NOTHING_SEEN : cloud,
      health: new Map(),
      withdrawn: new Set(slots()),
      problem,
    })
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
      telemetry.start({
        host: cloud.host,
        onCounters: environment.onCounters,
        onInterfaces,
        onNews,
        onLost: (problem) => void onLost(cloud, id, problem).catch((error: unknown) => problemOf(error, log)),
        onFound: () => void onFound(cloud).catch((error: unknown) => problemOf(error, log)),
        mayRevive: () => cloud.provider.host.lives(),
      })
    },
    leave: telemetry.stop,
  }
}
