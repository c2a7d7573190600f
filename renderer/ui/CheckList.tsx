import type { DoctorCheck } from '../../contract/app.ts'
import css from './CheckList.module.css'
import { Commandline } from './Commandline.tsx'
import { renderCount } from './format.ts'
import { HealthMark } from './Health.tsx'

const STATES = {
  ok: { level: 'good', word: 'present' },
  warning: { level: 'warn', word: 'could be better' },
  missing: { level: 'bad', word: 'missing' },
} as const

/** Those that need something done first; otherwise as the engine told them. */
const ORDER: readonly DoctorCheck['state'][] = ['missing', 'warning', 'ok']

const Check = ({ check }: { readonly check: DoctorCheck }) => {
  const { level, word } = STATES[check.state]
  return (
    <li className={css.check} data-state={check.state}>
      <span className={css.mark}>
        <HealthMark level={level} />
      </span>
      <span className={css.title}>{check.title}</span>
      <span className={css.state}>{word}</span>
      <span className={css.detail}>{check.detail}</span>
      {check.remedy !== null && (
        <div className={css.remedy}>
          <span className={css.remedyLabel}>What to do</span>
          <Commandline text={check.remedy} label={`the remedy for ${check.title}`} />
        </div>
      )}
    </li>
  )
}

const Verdict = ({ checks }: { readonly checks: readonly DoctorCheck[] }) => {
  const missing = checks.filter(({ state }) => state === 'missing').length
  const warnings = checks.filter(({ state }) => state === 'warning').length
  const level = missing > 0 ? 'bad' : warnings > 0 ? 'warn' : 'good'
  const text =
    missing > 0
      ? `${renderCount(missing, 'thing')} missing: some of what Cloud Mole does cannot work.`
      : warnings > 0
        ? `Everything needed is there; ${renderCount(warnings, 'thing')} could be better.`
        : 'Everything needed is there.'
  return (
    <p className={css.verdict} role="status">
      <HealthMark level={level} />
      {text}
    </p>
  )
}

type Props = {
  readonly checks: readonly DoctorCheck[]
  /** What is in order is folded away. */
  readonly isShort?: boolean
}

/** What is there and what is not, with the remedy beside each lack. */
export const CheckList = ({ checks, isShort = false }: Props) => {
  const sorted = checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
  const open = isShort ? sorted.filter(({ state }) => state !== 'ok') : sorted
  const folded = sorted.slice(open.length)
  return (
    <div>
      <Verdict checks={checks} />
      {open.length > 0 && (
        <ul className={css.checks} aria-label="Checks">
          {open.map((check) => (
            <Check key={check.id} check={check} />
          ))}
        </ul>
      )}
      {folded.length > 0 && (
        <details className={css.folded}>
          <summary>{renderCount(folded.length, 'thing')} in order</summary>
          <ul className={css.checks} aria-label="In order">
            {folded.map((check) => (
              <Check key={check.id} check={check} />
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
