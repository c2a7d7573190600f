import { Skeleton, Switch } from '@mantine/core'
import { IconArrowBackUp, IconArrowDown, IconArrowUp, IconMinus } from '@tabler/icons-react'
import { useState } from 'react'
import type { AutoscaleView, Problem, ScalingDecision } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderCount, renderTime } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import css from './Decisions.module.css'

const ACTIONS = {
  up: { icon: IconArrowUp, text: 'More' },
  down: { icon: IconArrowDown, text: 'Fewer' },
  revert: { icon: IconArrowBackUp, text: 'Taken back' },
  hold: { icon: IconMinus, text: 'Held' },
} as const

const MOST_SHOWN = 60

const Decision = ({ decision }: { readonly decision: ScalingDecision }) => {
  const { icon: Icon, text } = ACTIONS[decision.action]
  const { action, from, to, reason, outcome, atMs } = decision
  return (
    <li className={css.decision} data-action={action}>
      <span className={css.mark} aria-hidden="true">
        <Icon size={14} stroke={2.4} />
      </span>
      <span className={css.head}>
        <span className={css.what}>
          {text}
          {action === 'hold' ? ` at ${renderCount(to, 'tunnel')}` : `: ${from} → ${renderCount(to, 'tunnel')}`}
        </span>
        <time className={css.time} dateTime={new Date(atMs).toISOString()}>
          {renderTime(atMs)}
        </time>
      </span>
      <span className={css.reason}>{reason}</span>
      {outcome !== null && <span className={css.outcome}>{outcome}</span>}
    </li>
  )
}

type ListProps = { readonly decisions: readonly ScalingDecision[]; readonly withHeld: boolean; readonly isOn: boolean }

const List = ({ decisions, withHeld, isOn }: ListProps) => {
  const shown = decisions.filter(({ action }) => withHeld || action !== 'hold').slice(0, MOST_SHOWN)
  if (shown.length === 0)
    return (
      <EmptyNote
        title="Nothing was changed yet"
        text={
          isOn
            ? 'Each change of the number of tunnels appears here, with its reason and what came of it.'
            : 'Turn autoscaling on, and each change appears here with its reason and what came of it.'
        }
      />
    )
  return (
    <ScrollRegion label="Decisions list" className={css.scroll}>
      <ol className={css.list} aria-label="Decisions, newest first">
        {shown.map((decision) => (
          <Decision key={`${decision.atMs} ${decision.action} ${decision.to}`} decision={decision} />
        ))}
      </ol>
    </ScrollRegion>
  )
}

type Props = { readonly autoscale: AutoscaleView | null; readonly problem: Problem | null }

/** Why there are as many tunnels as there are: each decision with its figures, newest first. */
export const DecisionsPanel = ({ autoscale, problem }: Props) => {
  const [withHeld, setWithHeld] = useState(false)
  return (
    <Panel
      title="Decisions"
      flush
      aside={
        <Switch
          size="xs"
          label="Also where nothing changed"
          checked={withHeld}
          onChange={({ currentTarget }) => setWithHeld(currentTarget.checked)}
        />
      }
    >
      {autoscale === null ? (
        problem === null && <Skeleton height={200} radius="sm" aria-busy="true" />
      ) : (
        <List decisions={autoscale.decisions} withHeld={withHeld} isOn={autoscale.settings.enabled} />
      )}
    </Panel>
  )
}
