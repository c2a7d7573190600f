import type { Review } from '../contract/app.ts'
import { plainText } from './plain-text.ts'
import { renderDollars } from './render-dollars.ts'
import { renderTable } from './table.ts'

type Costs = Omit<Review, 'plan'>

/** `Cost: $0.00 an hour (…)`. */
const renderCost = ({ costUsdPerHour, costNote }: Costs): string => {
  const amount = costUsdPerHour === null ? 'unknown' : `${renderDollars(costUsdPerHour)} an hour`
  return `Cost: ${amount}${costNote === '' ? '' : ` (${plainText(costNote)})`}`
}

/** What it costs, and what to know beforehand. */
export const renderReviewCost = (review: Costs): string =>
  [renderCost(review), ...review.warnings.map((warning) => `Warning: ${plainText(warning)}`)].join('\n')

/** What would be made, where and for how much: shown before anything is made. */
export const renderReview = (review: Costs, heading = 'The plan:'): string =>
  [
    heading,
    renderTable(
      review.resources.map(({ kind, name, detail }) => [kind, name, detail].map(plainText)),
      '  ',
    ),
    renderReviewCost(review),
  ].join('\n')
