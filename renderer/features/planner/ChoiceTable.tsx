import { useId } from 'react'
import type { Choice } from '../../../domain/planner/choice.ts'
import { renderBitRate, renderSpan, renderUsd } from '../../../domain/planner/figures.ts'
import type { Goal } from '../../../domain/planner/goal.ts'
import type { NetworkRules } from '../../../domain/planner/price-table.ts'
import { renderCount } from '../../ui/format.ts'
import { Health } from '../../ui/Health.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import css from './ChoiceTable.module.css'
import { renderSpanBand } from './span-band.ts'
import { LIMITS, verdictOf } from './verdict.ts'

const ARCHITECTURES = { arm64: 'Graviton', x86_64: 'x86' } as const

/** Two readings where they differ. */
const band = (least: string, most: string): string => (least === most ? most : `${least} – ${most}`)

type Props = {
  readonly goal: Goal
  readonly choices: readonly Choice[]
  readonly recommended: Choice | null
  readonly chosen: Choice | null
  readonly rules: NetworkRules
  readonly hovered: Choice | null
  readonly onHover: (choice: Choice | null) => void
  readonly onChoose: (choice: Choice) => void
}

const Head = ({ goal }: { readonly goal: Goal }) => (
  <thead>
    <tr>
      <th scope="col">Instance type</th>
      <th scope="col">Shape</th>
      <th scope="col">Carries through the gateway</th>
      <th scope="col" className={css.number}>
        An hour
      </th>
      <th scope="col" className={css.number}>
        A TB
      </th>
      {goal.kind === 'bytes' && (
        <>
          <th scope="col" className={css.number}>
            In all
          </th>
          <th scope="col" className={css.number}>
            Done after
          </th>
        </>
      )}
      {goal.kind === 'rate' && goal.budgetUsd !== null && (
        <th scope="col" className={css.number}>
          Budget lasts
        </th>
      )}
      <th scope="col">Does it?</th>
    </tr>
  </thead>
)

/** What it costs in the end and when that is. */
const Ends = ({ goal, choice }: { readonly goal: Goal; readonly choice: Choice }) => {
  const { finish, total, budgetHours } = choice
  if (goal.kind === 'rate')
    return budgetHours === null ? null : <td className={css.number}>{renderSpan(budgetHours * 3600)}</td>
  return (
    <>
      <td className={css.number}>{total !== null && band(renderUsd(total.leastUsd), renderUsd(total.mostUsd))}</td>
      <td className={css.number}>{finish !== null && renderSpanBand(finish.earliestSeconds, finish.latestSeconds)}</td>
    </>
  )
}

type RowProps = Omit<Props, 'choices'> & { readonly choice: Choice; readonly name: string }

const Row = ({ choice, name, goal, recommended, chosen, rules, hovered, onHover, onChoose }: RowProps) => {
  const id = useId()
  const { type, instances, tunnelsPerInstance, capacity, hourly, usdPerTb, isAllowed } = choice
  const verdict = verdictOf(choice)
  return (
    // The click is for the mouse; the keyboard has the radio button of the row.
    <tr
      className={css.row}
      data-chosen={choice === chosen}
      data-hovered={choice === hovered}
      onClick={() => onChoose(choice)}
      onPointerEnter={() => onHover(choice)}
      onPointerLeave={() => onHover(null)}
    >
      <th scope="row">
        <label className={css.type} htmlFor={id}>
          <input id={id} type="radio" name={name} checked={choice === chosen} onChange={() => onChoose(choice)} />
          <span>
            <span className="mono">{type.name}</span>
            <span className={css.small}>
              {ARCHITECTURES[type.architecture]}, {renderCount(type.vcpus, 'vCPU')}
            </span>
          </span>
        </label>
      </th>
      <td>
        {renderCount(instances, 'bastion')}
        <span className={css.small}>{renderCount(tunnelsPerInstance, 'tunnel')} each</span>
      </td>
      <td>
        <span className={css.rate}>{renderBitRate(capacity.steady.bitsPerSecond)}</span>
        <span className={css.small}>
          {capacity.burst === null
            ? `limited by ${LIMITS[capacity.steady.binds]}`
            : `${renderBitRate(capacity.burst.bitsPerSecond)} for ${rules.burstMinutes.least}–${rules.burstMinutes.most} min`}
        </span>
      </td>
      <td className={css.number}>
        {renderUsd(hourly.totalUsd)}
        {hourly.spotTotalUsd !== null && (
          <span className={css.small}>
            Spot {band(renderUsd(hourly.spotTotalUsd.least), renderUsd(hourly.spotTotalUsd.most))}
          </span>
        )}
      </td>
      <td className={css.number}>{renderUsd(usdPerTb)}</td>
      <Ends goal={goal} choice={choice} />
      <td>
        <Health level={verdict.level} text={verdict.text} />
        <span className={css.small}>
          {choice === recommended ? 'Recommended' : isAllowed ? ' ' : 'not in aws.instance_types'}
        </span>
      </td>
    </tr>
  )
}

/** What could carry it, side by side. Choosing a row takes its type, bastions and tunnels. */
export const ChoiceTable = ({ choices, ...rest }: Props) => {
  const name = useId()
  return (
    <ScrollRegion label="Choices table">
      <table className={css.table} aria-label="Choices">
        <Head goal={rest.goal} />
        <tbody>
          {choices.map((choice) => (
            <Row key={choice.type.name} choice={choice} name={name} {...rest} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
