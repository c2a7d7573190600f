import type { Money } from '../contract/app.ts'
import { plainText } from './plain-text.ts'
import { renderDollars } from './render-dollars.ts'
import { renderTable } from './table.ts'

const renderBudget = ({ budgetUsd, budgetShare, atBudget }: Money): string => {
  if (budgetUsd === null) return ''
  const share = budgetShare === null ? '' : `${Math.floor(budgetShare * 100)} % of `
  const then = atBudget === 'shut-down' ? 'disconnects' : 'alerts'
  return `; ${share}the budget of ${renderDollars(budgetUsd)}, which ${then} when used up`
}

/** `Cost: $0.0412 an hour, $0.31 so far (prices of 2026-11-21); 1 % of the budget of $25.00, …`. */
export const renderMoney = (money: Money): string => {
  const { usdPerHour, usdSoFar, pricesDate } = money
  const rate = usdPerHour === null ? 'not known by the hour' : `${renderDollars(usdPerHour)} an hour`
  const soFar = usdSoFar === null ? 'not known so far' : `${renderDollars(usdSoFar)} so far`
  return plainText(`Cost: ${rate}, ${soFar} (prices of ${pricesDate})${renderBudget(money)}`)
}

/** What it is made of, a line each. */
export const renderMoneyParts = ({ parts }: Money): string =>
  renderTable([
    ['COST', 'AN HOUR', 'SO FAR', 'RECKONED'],
    ...parts.map(({ name, usdPerHour, usdSoFar, detail }) => [
      plainText(name),
      renderDollars(usdPerHour),
      renderDollars(usdSoFar),
      plainText(detail),
    ]),
  ])
