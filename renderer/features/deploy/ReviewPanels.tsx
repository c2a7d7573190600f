import type { ReactNode } from 'react'
import type { Review } from '../../../contract/app.ts'
import { renderUsd } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import css from './Deploy.module.css'
import step from './ReviewStep.module.css'

type Priced = Pick<Review, 'costUsdPerHour' | 'costNote'> & { readonly children?: ReactNode }

/** What it costs, and how that was reckoned. */
export const CostPanel = ({ costUsdPerHour, costNote, children }: Priced) => (
  <Panel title="Cost">
    <p className={step.price}>
      {costUsdPerHour === null ? 'Not known' : renderUsd(costUsdPerHour)}
      {costUsdPerHour !== null && <span className={step.per}> per hour</span>}
    </p>
    <p className={css.text}>{costNote}</p>
    {children}
  </Panel>
)

/** Everything that will be made, where. */
export const ResourcesPanel = ({ title, resources }: Pick<Review, 'resources'> & { readonly title: string }) => (
  <Panel title={title} flush>
    <table className={step.table} aria-label="What will be made">
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Name</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        {resources.map(({ kind, name, detail }) => (
          <tr key={`${kind} ${name}`}>
            <td>{kind}</td>
            <td className="mono">{name}</td>
            <td className={step.detail}>{detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Panel>
)

/** What to think of before it begins. */
export const Warnings = ({ warnings }: Pick<Review, 'warnings'>) =>
  warnings.map((warning) => (
    <p key={warning} className={step.warning} role="note">
      {warning}
    </p>
  ))
