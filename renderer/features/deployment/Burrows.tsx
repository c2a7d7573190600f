import css from './Burrows.module.css'

const MIDDLE = 150
const DEEPEST = 118

/** Bores between the two nodes, spread evenly over the height. */
const boresOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const share = count === 1 ? 0 : (2 * index) / (count - 1) - 1
    const mouth = MIDDLE + share * Math.min(26, 7 * count)
    const level = MIDDLE + share * Math.min(DEEPEST, 34 * count)
    return `M70 ${mouth}C190 ${mouth} 180 ${level} 280 ${level}S370 ${mouth} 490 ${mouth}`
  })

type Props = { readonly count: number; readonly className?: string | undefined }

/** A picture of so many tunnels, idle: what there will be. Decoration. */
export const Burrows = ({ count, className }: Props) => (
  <div className={[css.picture, className].filter(Boolean).join(' ')} aria-hidden="true">
    <svg aria-hidden="true" className={css.layer} viewBox="0 0 560 300" preserveAspectRatio="none">
      <path d="M0 0H560V300H0Z" fill="var(--strata-1)" />
      <path d="M0 110C100 92 190 128 290 110S470 92 560 116V300H0Z" fill="var(--strata-2)" />
      <path d="M0 208C90 222 200 194 300 208S470 224 560 202V300H0Z" fill="var(--strata-3)" />
    </svg>
    <svg aria-hidden="true" className={css.layer} viewBox="0 0 560 300">
      <g fill="none" strokeLinecap="round">
        {boresOf(count).map((bore) => (
          <path key={bore} d={bore} stroke="var(--bore)" strokeWidth="20" />
        ))}
        {boresOf(count).map((bore) => (
          <path key={bore} d={bore} stroke="var(--accent)" strokeWidth="2.5" strokeDasharray="2 10" />
        ))}
      </g>
      <g fill="var(--surface)" stroke="var(--line-strong)">
        <rect x="34" y="108" width="84" height="84" rx="18" />
        <rect x="442" y="108" width="84" height="84" rx="18" />
      </g>
      <g fill="none" stroke="var(--accent-ink)" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M60 134h32v12h-32zM60 154h32v12h-32zM67 140h.1M67 160h.1" />
        <path d="M472 166a11 11 0 0 1 0-22 15 15 0 0 1 28-3 10.5 10.5 0 0 1-1 25z" />
      </g>
    </svg>
  </div>
)
