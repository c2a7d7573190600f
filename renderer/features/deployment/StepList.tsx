import { IconCheck, IconChevronRight, IconCircle, IconX } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Step } from '../../../contract/app.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { TextBox } from '../../ui/TextBox.tsx'
import css from './StepList.module.css'

const StepMark = ({ state }: { readonly state: Step['state'] }) => (
  <span className={css.mark} data-state={state} aria-hidden="true">
    {state === 'done' && <IconCheck size={13} stroke={3} />}
    {state === 'failed' && <IconX size={13} stroke={3} />}
    {state === 'pending' && <IconCircle size={8} stroke={2} />}
  </span>
)

const WORDS: Record<Step['state'], string> = {
  pending: 'not started',
  running: 'running',
  done: 'done',
  failed: 'failed',
}

const StepRow = ({ step, withProblems }: { readonly step: Step; readonly withProblems: boolean }) => {
  const [opened, setOpened] = useState(false)
  const id = useId()
  return (
    <li className={css.step} data-state={step.state} data-step={step.id}>
      <StepMark state={step.state} />
      <div className={css.content}>
        <div className={css.line}>
          <span className={css.title}>{step.title}</span>
          <span className={css.state}>{WORDS[step.state]}</span>
          {step.log.length > 0 && (
            <button
              type="button"
              className={css.toggle}
              aria-expanded={opened}
              aria-controls={opened ? id : undefined}
              aria-label={`Log of: ${step.title}`}
              onClick={() => setOpened(!opened)}
            >
              <IconChevronRight size={13} stroke={2.2} aria-hidden />
              Log
            </button>
          )}
          <span className={css.time}>
            {step.startedAtMs !== null && <Elapsed sinceMs={step.startedAtMs} untilMs={step.endedAtMs} />}
          </span>
        </div>
        {withProblems && step.problem !== null && <ProblemNote problem={step.problem} />}
        {opened && <TextBox id={id} label={`Log of: ${step.title}`} text={step.log.join('\n')} className={css.log} />}
      </div>
    </li>
  )
}

type Props = {
  readonly steps: readonly Step[]
  /** Say why a step failed; not where the page says it already. */
  readonly withProblems?: boolean
}

/** The steps of an act: state, time and log of each. */
export const StepList = ({ steps, withProblems = false }: Props) => (
  <ol className={css.steps} aria-label="Steps">
    {steps.map((step, index) => (
      // A step that is undone and done again appears twice: only its place tells the two apart.
      // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended
      <StepRow key={`${index}-${step.id}`} step={step} withProblems={withProblems} />
    ))}
  </ol>
)
