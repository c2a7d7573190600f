import { Button } from '@mantine/core'
import { IconCloud, IconFlask, IconRefresh } from '@tabler/icons-react'
import type { Target } from '../../../contract/app.ts'
import { ChoiceCard } from '../../ui/ChoiceCard.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'

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
export const TargetCard = ({ name, target, checked, onChoose, onAgain }: Props) => (
  <ChoiceCard
    name={name}
    value={target.id}
    title={target.title}
    summary={target.summary}
    icon={ICONS[target.id]}
    checked={checked}
    disabled={!target.available}
    onChoose={onChoose}
  >
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
  </ChoiceCard>
)
