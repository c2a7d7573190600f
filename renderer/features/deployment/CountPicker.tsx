import { useId } from 'react'
import { MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import css from './CountPicker.module.css'

const COUNTS = Array.from({ length: MAX_TUNNELS_PER_BASTION }, (_, index) => index + 1)

type Props = {
  readonly value: number
  readonly onChange: (count: number) => void
  readonly legend: string
  /** Counts outside are shown, but cannot be chosen. */
  readonly from?: number
  readonly to?: number
}

/** One to eight, one click or one arrow key each. */
export const CountPicker = ({ value, onChange, legend, from = 1, to = MAX_TUNNELS_PER_BASTION }: Props) => {
  const name = useId()
  return (
    <fieldset className={css.picker}>
      <legend className={css.legend}>{legend}</legend>
      <div className={css.cells}>
        {COUNTS.map((count) => (
          <label key={count} className={css.cell}>
            <input
              type="radio"
              name={name}
              value={count}
              checked={count === value}
              disabled={count < from || count > to}
              onChange={() => onChange(count)}
            />
            <span aria-hidden="true" className={css.bore} style={{ height: count * 3 - 1 }} />
            {count}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
