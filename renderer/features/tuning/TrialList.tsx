import { IconArrowBackUp, IconCheck, IconMinus } from '@tabler/icons-react'
import type { OptimizeTrial } from '../../../contract/app.ts'
import { renderCount, renderRate } from '../../ui/format.ts'
import { optionTitle } from './option-words.ts'
import { pairLines, renderGain } from './pair-scale.ts'
import css from './Trials.module.css'

const STATES = {
  pending: { text: 'waits', icon: null },
  measuring: { text: 'is measured', icon: null },
  kept: { text: 'Kept', icon: IconCheck },
  'taken-back': { text: 'Taken back', icon: IconArrowBackUp },
  lacking: { text: 'Not tried', icon: IconMinus },
} as const

/** With a capital letter, and a full stop where it has none. */
const asSentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

const HEIGHT = 38
const WIDTH = 26

/** Each pair as a line from without to with: up is better. */
const Pairs = ({ pairs }: { readonly pairs: OptimizeTrial['pairs'] }) => (
  <svg
    width={Math.max(1, pairs.length) * (WIDTH + 8)}
    height={HEIGHT + 8}
    className={css.pairs}
    role="img"
    aria-label={pairs
      .map((pair) => `${renderRate(pair.beforeBitsPerSecond)} without, ${renderRate(pair.afterBitsPerSecond)} with`)
      .join('; ')}
  >
    {pairLines(pairs, HEIGHT).map(({ before, after, isBetter }, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: pairs are only ever appended
      <g key={at} transform={`translate(${at * (WIDTH + 8) + 4} 4)`} data-better={isBetter} className={css.pair}>
        <path d={`M0 ${before}L${WIDTH - 6} ${after}`} />
        <circle cx={0} cy={before} r={2.6} className={css.before} />
        <circle cx={WIDTH - 6} cy={after} r={3} className={css.after} />
      </g>
    ))}
  </svg>
)

const Trial = ({ trial }: { readonly trial: OptimizeTrial }) => {
  const { text, icon: Icon } = STATES[trial.state]
  return (
    <li className={css.trial} data-state={trial.state}>
      <span className={css.title}>
        {optionTitle(trial.option)}
        {trial.change !== null && (
          <span className={css.change}>
            {trial.change.now} → {trial.change.next}
          </span>
        )}
      </span>
      <span className={css.state}>
        {Icon !== null && <Icon size={14} stroke={2.4} aria-hidden />}
        {text}
      </span>
      {trial.pairs.length > 0 && <Pairs pairs={trial.pairs} />}
      {trial.ratio !== null && (
        <span className={css.ratio}>
          {renderGain(trial.ratio)}
          <span className={css.of}>median of {renderCount(trial.pairs.length, 'pair')}</span>
        </span>
      )}
      {trial.reason !== '' && <span className={css.reason}>{asSentence(trial.reason)}</span>}
    </li>
  )
}

/** What trying each option showed, live. */
export const TrialList = ({ trials }: { readonly trials: readonly OptimizeTrial[] }) => (
  <ol className={css.trials} aria-label="Trials">
    {trials.map((trial) => (
      <Trial key={trial.option} trial={trial} />
    ))}
  </ol>
)
