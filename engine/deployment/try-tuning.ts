import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { applyState } from './apply-state.ts'
import type { Cloud } from './deployment.ts'
import { type HostManner, inManner, plannedHost } from './planned-host.ts'
import { busy, nothingUp, unreachable } from './refusals.ts'
import type { StandingTopic } from './standing-topic.ts'

/** Changes the host's tuning while no act runs. */
export type TuningTrials = {
  /**
   * Has the host in this manner; `null`: as it is recorded. An act that begins ends that.
   * @throws MoleError `conflict` while an act runs, `helper-unreachable`, and what an apply throws.
   */
  tune(manner: HostManner | null): Promise<void>
  /** Resolves when nothing is being changed any more. What an act applies must not be overwritten by what was older. */
  idle(): Promise<void>
  /** Something that is not recorded is in force. */
  isTrying(): boolean
}

export type TuningTrialsEnvironment = {
  readonly standing: StandingTopic
  /** Aborts when the engine ends. */
  readonly closing: AbortSignal
  cloudOf(plan: DeploymentPlan): Cloud
  isActing(): boolean
}

const APPLY_LIMIT_MS = 10_000

export const openTuningTrials = ({ standing, closing, cloudOf, isActing }: TuningTrialsEnvironment): TuningTrials => {
  let last: Promise<void> = Promise.resolve()
  let isTrying = false

  const tune = async (manner: HostManner | null): Promise<void> => {
    const { record } = standing.get()
    if (record === null || record.desired === 'nothing') throw nothingUp()
    if (isActing()) throw busy('change')
    const { provider, host } = cloudOf(record.plan)
    const helper = await host.find()
    if (helper === null || isActing() || standing.get().record?.id !== record.id) throw unreachable()
    isTrying = manner !== null
    const state = plannedHost(manner === null ? record : inManner(record, manner))
    await applyState(provider, helper, state, AbortSignal.any([closing, AbortSignal.timeout(APPLY_LIMIT_MS)]))
  }

  return {
    tune: (manner) => {
      const mine = last.then(() => tune(manner))
      last = mine.catch(() => undefined)
      return mine
    },
    idle: () => {
      // Whoever waits for it begins an act, which ends what is tried.
      isTrying = false
      return last
    },
    isTrying: () => isTrying,
  }
}
