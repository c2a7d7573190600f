import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Problem } from '../../contract/app.ts'
import { Commandline } from './Commandline.tsx'
import css from './ProblemNote.module.css'
import { splitCommand } from './split-command.ts'

type Props = {
  readonly problem: Problem
  /** `plain`: a fact rather than trouble; it interrupts nobody. */
  readonly tone?: 'bad' | 'warn' | 'plain'
  /** What can be done about it right here. */
  readonly actions?: ReactNode
}

const NextStep = ({ text }: { readonly text: string }) => {
  const parts = splitCommand(text)
  return (
    <>
      <p className={css.next}>
        <span className={css.nextLabel}>Next step</span> {parts === null ? text : parts.lead}
      </p>
      {parts !== null && (
        <div className={css.command}>
          <Commandline text={parts.command} label="the command" />
        </div>
      )}
    </>
  )
}

/** What happened, what it means, what to do next. Announced when it appears. */
export const ProblemNote = ({ problem, tone = 'bad', actions }: Props) => {
  const Icon = tone === 'plain' ? IconInfoCircle : IconAlertTriangle
  return (
    <div className={css.note} data-tone={tone} role={tone === 'plain' ? 'note' : 'alert'}>
      <Icon className={css.icon} size={18} stroke={1.8} aria-hidden />
      <div className={css.body}>
        <p className={css.message}>{problem.message}</p>
        {problem.data.meaning !== undefined && <p className={css.meaning}>{problem.data.meaning}</p>}
        {problem.data.nextStep !== undefined && <NextStep text={problem.data.nextStep} />}
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </div>
    </div>
  )
}
