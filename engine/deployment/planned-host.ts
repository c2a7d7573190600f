import { isDeepStrictEqual } from 'node:util'
import type { Carriage } from '../../domain/carriage.ts'
import type { HostState } from '../../domain/host-state.ts'
import { laneNumber } from '../../domain/ours.ts'
import { onlyOptions, optionsOf, type Tuning, type TuningOption } from '../../domain/tuning.ts'
import { type DeploymentPlan, planHostState } from '../../domain/tunnel-plan.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'

/** The options of a plan's tuning that are in force, where those of `tuned` have measured better. Pure. */
export const tuningInForce = (
  { apply, wanted }: DeploymentPlan['tuning'],
  tuned: readonly TuningOption[],
): readonly TuningOption[] => {
  if (apply === 'never') return []
  const asked = optionsOf(wanted)
  return apply === 'always' ? asked : asked.filter((option) => tuned.includes(option))
}

/** Of what has measured better as `before` had it, what is wanted no other way `now`. Pure. */
export const stillTuned = (tuned: readonly TuningOption[], before: Tuning, now: Tuning): readonly TuningOption[] =>
  tuned.filter((option) => isDeepStrictEqual(onlyOptions(before, [option]), onlyOptions(now, [option])))

/** How a host is to be; what is left out is as it is recorded. */
export type HostManner = {
  /** Options of the tuning that is wanted which are in force. */
  readonly tuned: readonly TuningOption[]
  readonly wanted?: Tuning
  readonly carriage?: Carriage
}

/** The same deployment with its host in this manner. Pure. */
export const inManner = (record: DeploymentRecord, { tuned, wanted, carriage }: HostManner): DeploymentRecord => {
  const { plan } = record
  const tuning = { ...plan.tuning, wanted: wanted ?? plan.tuning.wanted }
  return { ...record, tuned, plan: { ...plan, tuning, carriage: carriage ?? plan.carriage } }
}

/**
 * The host as it should be now by what is recorded: both lanes of a tunnel whose keys are being replaced, of which one
 * carries. Pure.
 */
export const plannedHost = (record: DeploymentRecord): HostState => {
  const ends = endsOf(record)
  const aside = ends.filter(({ role }) => role !== 'carrying')
  const { tuning } = record.plan
  return planHostState(record.plan, record.id, ends, {
    aside: new Set(aside.map(({ slot, lane }) => laneNumber(slot, lane))),
    tuning: onlyOptions(tuning.wanted, tuningInForce(tuning, record.tuned)),
  })
}
