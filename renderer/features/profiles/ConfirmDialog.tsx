import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Dialogs.module.css'
import { closeQuestion } from './dialogs.ts'

type Props = {
  readonly verb: string
  readonly color?: string
  readonly error: unknown
  readonly isPending: boolean
  readonly onConfirm: () => void
  /** What goes and what stays. */
  readonly children: ReactNode
}

/** Asks before a profile is changed at one stroke. */
export const ConfirmDialog = ({ verb, color = 'verdigris', error, isPending, onConfirm, children }: Props) => (
  <div className={css.form}>
    <p className={css.text}>{children}</p>
    {error !== null && <ProblemNote problem={toProblem(error)} />}
    <Group justify="flex-end">
      <Button variant="default" onClick={closeQuestion} data-autofocus>
        Cancel
      </Button>
      <Button color={color} loading={isPending} onClick={onConfirm}>
        {verb}
      </Button>
    </Group>
  </div>
)
