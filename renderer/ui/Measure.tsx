import type { Quantity } from './format.ts'
import css from './Measure.module.css'

/** A number, large, and its unit. */
export const Reading = ({ quantity: { value, unit } }: { readonly quantity: Quantity }) => (
  <>
    <span className={css.value}>{value}</span> <span className={css.unit}>{unit}</span>
  </>
)

type Props = {
  readonly label: string
  /** `null`: not measured. */
  readonly quantity: Quantity | null
  readonly note?: string | undefined
  readonly mark?: string
}

/** One number with its unit and what it is. The width of the number does not move its neighbours. */
export const Measure = ({ label, quantity, note, mark }: Props) => (
  <div className={css.measure}>
    <dt className={css.label}>
      {mark !== undefined && (
        <span className={css.mark} aria-hidden="true">
          {mark}
        </span>
      )}
      {label}
    </dt>
    <dd className={css.reading}>
      {quantity === null ? (
        <span className={css.none} title="Not measured yet">
          –
        </span>
      ) : (
        <Reading quantity={quantity} />
      )}
      {note !== undefined && <span className={css.note}>{note}</span>}
    </dd>
  </div>
)
