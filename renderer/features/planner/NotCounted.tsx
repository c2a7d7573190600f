import { renderAcknowledgements } from '../../../domain/planner/acknowledgements.ts'
import type { Choice } from '../../../domain/planner/choice.ts'
import css from './NotCounted.module.css'
import type { Planned } from './use-transfer-plan.ts'

const SPOT =
  'Spot prices change, and AWS may take a Spot instance away with two minutes’ notice: the other figures are on demand.'

/** What AWS bills beside the figures of the table, and which of them do not hold for Spot. */
export const NotCounted = ({
  planned,
  choices,
}: {
  readonly planned: Planned
  readonly choices: readonly Choice[]
}) => {
  const { plan, conditions, prices } = planned
  const hasSpot = choices.some(({ hourly }) => hourly.spotTotalUsd !== null)
  const lines = [renderAcknowledgements(plan, conditions, prices), hasSpot ? SPOT : null].filter(
    (line) => line !== null,
  )
  if (lines.length === 0) return null
  return (
    <div className={css.notes} role="note" aria-label="Not in these figures">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
