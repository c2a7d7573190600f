import { isDeepStrictEqual } from 'node:util'
import type { TuningOption } from '../../domain/tuning.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { applyState } from './apply-state.ts'
import type { Cloud } from './deployment.ts'
import { plannedHost } from './planned-host.ts'
import { busy, nothingUp, unreachable } from './refusals.ts'
import type { StandingTopic } from './standing-topic.ts'

/** Changes the host while no act runs: takes tunnels out of the route, and tries its tuning. */
export type Resting = {
  /** Exactly these slots are to carry nothing; puts back those that rest no longer. While an act runs it does nothing. */
  rest(slots: ReadonlySet<number>): Promise<void>
  /** Whether exactly these carry nothing now. */
  isResting(slots: ReadonlySet<number>): boolean
  /**
   * Has exactly these options of the plan's tuning in force; `null`: those recorded. An act that begins ends that.
   * @throws MoleError `conflict` while an act runs, `helper-unreachable`, and what an apply throws.
   */
  tune(options: readonly TuningOption[] | null): Promise<void>
  /** An act has applied the whole plan: nothing rests, nothing is tried. */
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
  let tried: readonly TuningOption[] | null = null
  let last: Promise<void> = Promise.resolve()

  /** `false` where it was not done: the helper is away, or an act has begun. */
  const applyHost = async (
    record: DeploymentRecord,
    slots: ReadonlySet<number>,
    tuned: readonly TuningOption[] | null,
  ): Promise<boolean> => {
    const { provider, host } = cloudOf(record.plan)
    const helper = await host.find()
    if (helper === null || isActing() || standing.get().record?.id !== record.id) return false
    const state = plannedHost({ ...record, tuned: tuned ?? record.tuned }, slots)
    await applyState(provider, helper, state, AbortSignal.any([closing, AbortSignal.timeout(REST_LIMIT_MS)]))
    return true
  }

  const apply = async (slots: ReadonlySet<number>): Promise<void> => {
    const { record } = standing.get()
    if (record === null || isActing() || isDeepStrictEqual(slots, resting)) return
    if (!(await applyHost(record, slots, tried))) return
    resting = slots
    activity.add('warning', 'tunnels.resting', textOf(slots))
  }

  const tune = async (options: readonly TuningOption[] | null): Promise<void> => {
    const { record } = standing.get()
    if (record === null || record.desired === 'nothing') throw nothingUp()
    if (isActing()) throw busy('change')
    if (!(await applyHost(record, resting, options))) throw unreachable()
    tried = options
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    rest: (slots) => inTurn(() => apply(slots)),
    tune: (options) => inTurn(() => tune(options)),
    isResting: (slots) => isDeepStrictEqual(slots, resting),
    reset: () => {
      resting = new Set()
      tried = null
    },
    idle: () => last,
  }
}
