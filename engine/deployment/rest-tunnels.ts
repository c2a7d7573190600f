import { isDeepStrictEqual } from 'node:util'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import { applyState } from './apply-state.ts'
import type { Cloud } from './deployment.ts'
import { plannedHost } from './planned-host.ts'
import type { StandingTopic } from './standing-topic.ts'

/** Takes tunnels out of the route while no act runs. */
export type Resting = {
  /** Exactly these slots are to carry nothing; puts back those that rest no longer. While an act runs it does nothing. */
  rest(slots: ReadonlySet<number>): Promise<void>
  /** Whether exactly these carry nothing now. */
  isResting(slots: ReadonlySet<number>): boolean
  /** An act has applied the whole plan: nothing rests. */
  reset(): void
  /** Resolves when nothing is being changed any more. What an act applies must not be overwritten by what was older. */
  idle(): Promise<void>
}

export type RestingEnvironment = {
  readonly standing: StandingTopic
  readonly activity: Activity
  /** Aborts when the engine ends. */
  readonly closing: AbortSignal
  cloudOf(plan: DeploymentPlan): Cloud
  isActing(): boolean
}

const REST_LIMIT_MS = 10_000

const textOf = (slots: ReadonlySet<number>): string =>
  slots.size === 0
    ? 'Every tunnel carries traffic again.'
    : `Taken out of the route, for nothing comes back through them: tunnels ${[...slots].join(', ')}.`

export const openResting = ({ standing, activity, closing, cloudOf, isActing }: RestingEnvironment): Resting => {
  let resting: ReadonlySet<number> = new Set()
  let last: Promise<void> = Promise.resolve()

  const apply = async (slots: ReadonlySet<number>): Promise<void> => {
    const { record } = standing.get()
    if (record === null || isActing() || isDeepStrictEqual(slots, resting)) return
    const { provider, host } = cloudOf(record.plan)
    const helper = await host.find()
    if (helper === null || isActing() || standing.get().record?.id !== record.id) return
    await applyState(
      provider,
      helper,
      plannedHost(record, slots),
      AbortSignal.any([closing, AbortSignal.timeout(REST_LIMIT_MS)]),
    )
    resting = slots
    activity.add('warning', 'tunnels.resting', textOf(slots))
  }

  return {
    rest: (slots) => {
      const mine = last.then(() => apply(slots))
      last = mine.catch(() => undefined)
      return mine
    },
    isResting: (slots) => isDeepStrictEqual(slots, resting),
    reset: () => {
      resting = new Set()
    },
    idle: () => last,
  }
}
