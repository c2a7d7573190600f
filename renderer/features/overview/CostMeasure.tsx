import { Popover, Progress } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { Money } from '../../../contract/app.ts'
import { orDash, renderRatio, renderUsd } from '../../ui/format.ts'
import measure from '../../ui/Measure.module.css'
import { Reading } from '../../ui/Measure.tsx'
import css from './CostMeasure.module.css'

const levelOf = (share: number): 'good' | 'warn' | 'bad' => {
  if (share >= 1) return 'bad'
  return share >= 0.8 ? 'warn' : 'good'
}

/** What is to come of the budget, in words. */
const budgetText = ({ budgetUsd, budgetShare, atBudget }: Money): string => {
  if (budgetUsd === null || budgetShare === null) return 'No budget is set.'
  const used = `${renderRatio(budgetShare)} of ${renderUsd(budgetUsd)} is used.`
  if (budgetShare >= 1) return atBudget === 'shut-down' ? `${used} It is being taken away.` : `${used} It goes on.`
  return `${used} At 100 % ${atBudget === 'shut-down' ? 'everything is taken away.' : 'you are told, and it goes on.'}`
}

const Parts = ({ money }: { readonly money: Money }) => (
  <div className={css.parts}>
    <table className={css.table} aria-label="What it costs">
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">An hour</th>
          <th scope="col">So far</th>
        </tr>
      </thead>
      <tbody>
        {money.parts.map(({ name, usdPerHour, usdSoFar, detail }) => (
          <tr key={name}>
            <th scope="row">
              {name}
              <span className={css.detail}>{detail}</span>
            </th>
            <td>{orDash(usdPerHour, renderUsd)}</td>
            <td>{orDash(usdSoFar, renderUsd)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">In all</th>
          <td>{orDash(money.usdPerHour, renderUsd)}</td>
          <td>{orDash(money.usdSoFar, renderUsd)}</td>
        </tr>
      </tfoot>
    </table>
    <p className={css.text}>{budgetText(money)}</p>
    <p className={css.text}>Reckoned from prices of {money.pricesDate}; AWS’s bill has the last word.</p>
  </div>
)

const Bar = ({ share }: { readonly share: number }) => (
  <Progress
    value={Math.min(100, share * 100)}
    size={5}
    className={css.bar ?? ''}
    color={`var(--${levelOf(share)})`}
    aria-label="Budget used"
  />
)

/** What it costs, an hour and so far, and how much of the budget that is; its parts open beside it. */
export const CostMeasure = ({ money }: { readonly money: Money }) => {
  const { usdPerHour, usdSoFar, budgetUsd, budgetShare } = money
  const level = budgetShare === null ? 'good' : levelOf(budgetShare)
  return (
    <div>
      <dt className={css.label}>
        Cost
        <Popover position="bottom-end" width={400} trapFocus>
          <Popover.Target>
            <button type="button" className={css.button} aria-label="What it costs in parts">
              Parts <IconChevronDown size={12} aria-hidden />
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            <Parts money={money} />
          </Popover.Dropdown>
        </Popover>
      </dt>
      <dd className={measure.reading}>
        <Reading quantity={{ value: orDash(usdPerHour, renderUsd), unit: 'per hour' }} />
        <span className={css.note} data-level={level}>
          {usdSoFar === null ? 'so far not known' : `${renderUsd(usdSoFar)} so far`}
          {budgetUsd !== null && ` of ${renderUsd(budgetUsd)}`}
        </span>
        {budgetShare !== null && <Bar share={budgetShare} />}
      </dd>
    </div>
  )
}
