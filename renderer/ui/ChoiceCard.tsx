import { type ComponentType, type ReactNode, useId } from 'react'
import css from './ChoiceCard.module.css'

type Props = {
  /** Of the group of radio buttons that it belongs to. */
  readonly name: string
  readonly value: string
  readonly title: string
  readonly summary: string
  readonly icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChoose: () => void
  /** Why it cannot be chosen, and what to do. */
  readonly children?: ReactNode
}

/** One of several large choices, with what it means. */
export const ChoiceCard = ({
  name,
  value,
  title,
  summary,
  icon: Icon,
  checked,
  disabled = false,
  onChoose,
  children,
}: Props) => {
  const id = useId()
  return (
    <div className={css.item}>
      <label className={css.card} data-disabled={disabled}>
        <input
          type="radio"
          name={name}
          value={value}
          checked={checked && !disabled}
          disabled={disabled}
          onChange={onChoose}
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-summary`}
        />
        <span className={css.icon}>
          <Icon size={24} stroke={1.6} aria-hidden />
        </span>
        <span>
          <span id={`${id}-title`} className={css.title}>
            {title}
          </span>
          <span id={`${id}-summary`} className={css.summary}>
            {summary}
          </span>
        </span>
        <span className={css.dot} aria-hidden="true" />
      </label>
      {children}
    </div>
  )
}
