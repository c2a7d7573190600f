import { isDeepStrictEqual } from 'node:util'
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
