import type { Choice } from '../../../domain/planner/choice.ts'
import { originsOf, renderStanding } from '../../../domain/planner/origins.ts'
import css from './Sources.module.css'
import type { Planned } from './use-transfer-plan.ts'

/** Where every number comes from, and from what day it is. */
export const Sources = ({ planned, choices }: { readonly planned: Planned; readonly choices: readonly Choice[] }) => {
  const { conditions, table, prices } = planned
  return (
    <details className={css.sources}>
      <summary>Where these numbers come from</summary>
      <ul className={css.list}>
        {originsOf(choices, conditions, table, prices).map(({ what, from }) => (
          <li key={`${what} ${from.note}`}>
            <strong>{what}</strong>
            <span className={css.standing}>{renderStanding(from)}</span>
            <span className={css.note}>
              {from.note} {from.url !== null && <span className="mono">{from.url}</span>}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
