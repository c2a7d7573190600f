import { Button } from '@mantine/core'
import { IconCloud, IconFlask, IconRefresh } from '@tabler/icons-react'
import { useId } from 'react'
import type { Target } from '../../../contract/app.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import css from './TargetCard.module.css'

const ICONS = { lab: IconFlask, aws: IconCloud } as const

type Props = {
  readonly name: string
  readonly target: Target
  readonly checked: boolean
  readonly onChoose: () => void
  /** Asks again whether it can be used. */
  readonly onAgain: () => void
}

/** One target to choose; one that cannot be used says why and what to do. */
export const TargetCard = ({ name, target, checked, onChoose, onAgain }: Props) => {
  const id = useId()
  const Icon = ICONS[target.id]
  return (
    <div className={css.item}>
      <label className={css.card} data-disabled={!target.available}>
        <input
          type="radio"
          name={name}
          value={target.id}
          checked={checked && target.available}
          disabled={!target.available}
          onChange={onChoose}
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-summary`}
        />
        <span className={css.icon}>
          <Icon size={24} stroke={1.6} aria-hidden />
        </span>
        <span>
          <span id={`${id}-title`} className={css.title}>
            {target.title}
          </span>
          <span id={`${id}-summary`} className={css.summary}>
            {target.summary}
          </span>
        </span>
        <span className={css.dot} aria-hidden="true" />
      </label>
      {target.problem !== null && (
        <ProblemNote
          tone={target.problem.code === 'not-available' ? 'plain' : 'warn'}
          problem={target.problem}
          actions={
            <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={onAgain}>
              Look again
            </Button>
          }
        />
      )}
    </div>
  )
}
