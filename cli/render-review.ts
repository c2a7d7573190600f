import type { Review } from '../contract/app.ts'
import { plainText } from './plain-text.ts'
import { renderDollars } from './render-dollars.ts'
import { renderTable } from './table.ts'

/** `Cost: $0.00 an hour (…)`. */
export const renderCost = ({ costUsdPerHour, costNote }: Review): string => {
  const amount = costUsdPerHour === null ? 'unknown' : `${renderDollars(costUsdPerHour)} an hour`
  return `Cost: ${amount}${costNote === '' ? '' : ` (${plainText(costNote)})`}`
}

/** What a deployment would make, where and for how much: shown before anything is made. */
export const renderReview = (review: Review): string =>
  [
    'The plan:',
    renderTable(
      review.resources.map(({ kind, name, detail }) => [kind, name, detail].map(plainText)),
      '  ',
    ),
    renderCost(review),
    ...review.warnings.map((warning) => `Warning: ${plainText(warning)}`),
  ].join('\n')
