import type { OptimizeTrial } from '../contract/app.ts'
import { median } from '../domain/series.ts'
import { plainText } from './plain-text.ts'
import { renderRate } from './quantities.ts'
import { renderTable } from './table.ts'

const STATES: Readonly<Record<OptimizeTrial['state'], string>> = {
  pending: 'not tried',
  measuring: 'trying',
  kept: 'kept',
  'taken-back': 'taken back',
  lacking: 'not here',
}

const rate = (figures: readonly number[]): string => {
  const middle = median(figures)
  return middle === null ? '–' : renderRate(middle)
}

/** `tunnels 2 → 4`. */
const nameOf = ({ option, change }: OptimizeTrial): string =>
  change === null ? option : `${option} ${plainText(change.now)} → ${plainText(change.next)}`

const renderTrial = (trial: OptimizeTrial): string[] => {
  const { state, pairs, ratio, reason } = trial
  return [
    nameOf(trial),
    rate(pairs.map(({ beforeBitsPerSecond }) => beforeBitsPerSecond)),
    rate(pairs.map(({ afterBitsPerSecond }) => afterBitsPerSecond)),
    ratio === null ? '–' : ratio.toFixed(3),
    STATES[state],
    plainText(reason),
  ]
}

/** What came of each option: medians without and with it, their ratio, and why it was kept or not. */
export const renderTrials = (trials: readonly OptimizeTrial[]): string =>
  renderTable([['option', 'without', 'with', 'ratio', 'outcome', 'why'], ...trials.map(renderTrial)])

/** One line on how far a trial is, for a person who waits. */
export const renderProgress = (trial: OptimizeTrial): string => {
  const { state, pairs, ratio, reason } = trial
  const name = nameOf(trial)
  const figure = ratio === null ? '' : `, ratio ${ratio.toFixed(3)}`
  if (state === 'measuring') return `  ${name}: ${pairs.length === 0 ? 'trying' : `pair ${pairs.length}${figure}`}`
  return `  ${name}: ${STATES[state]}${reason === '' ? '' : ` (${plainText(reason)})`}`
}
