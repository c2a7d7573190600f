import css from './Health.module.css'

export type HealthLevel = 'good' | 'warn' | 'bad' | 'unknown' | 'busy'

/** A mark whose shape says the same as its colour, for those who do not see the colour. */
export const HealthMark = ({ level }: { readonly level: HealthLevel }) => (
  <svg className={css.mark} data-level={level} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    {level === 'good' && <circle cx="6" cy="6" r="4.5" />}
    {level === 'warn' && <path d="M6 1.2 11.2 10.600H.8z" />}
    {level === 'bad' && <rect x="1.800" y="1.800" width="8.400" height="8.400" rx="1" transform="rotate(45 6 6)" />}
    {level === 'unknown' && <circle cx="6" cy="6" r="3.700" fill="none" strokeWidth="1.600" />}
    {level === 'busy' && <circle className={css.busy} cx="6" cy="6" r="4.500" />}
  </svg>
)

export const Health = ({ level, text }: { readonly level: HealthLevel; readonly text: string }) => (
  <span className={css.health} data-level={level}>
    <HealthMark level={level} />
    {text}
  </span>
)
