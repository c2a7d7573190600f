import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import { optionsOf, TuningOption } from '../../../domain/tuning.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderDuration } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useStartOptimizing } from './optimize-acts.ts'
import { optionText, optionTitle } from './option-words.ts'
import { TrialLengthFields } from './TrialLengthFields.tsx'
import css from './Tuning.module.css'
import { useTrialLength } from './trial-length.ts'

type Props = { readonly plan: DeploymentPlan; readonly isFree: boolean }

/** What is to be tried, and how thoroughly; and how long that takes. */
export const OptimizeForm = ({ plan, isFree }: Props) => {
  const wanted = optionsOf(plan.tuning.wanted)
  const [chosen, setChosen] = useState<readonly TuningOption[]>(wanted)
  const length = useTrialLength()
  const start = useStartOptimizing()
  const choose = (option: TuningOption, isChosen: boolean): void =>
    setChosen((before) => TuningOption.options.filter((each) => (each === option ? isChosen : before.includes(each))))
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (length.isSound) start.mutate({ options: [...chosen], ...length.order })
      }}
    >
      <fieldset className={css.options}>
        <legend>Try</legend>
        {wanted.length === 0 && <p className={css.hint}>The plan asks for no tuning: tuning.wanted is empty.</p>}
        {wanted.map((option) => (
          <Checkbox
            key={option}
            size="xs"
            label={optionTitle(option)}
            description={optionText(option)}
            checked={chosen.includes(option)}
            onChange={({ currentTarget }) => choose(option, currentTarget.checked)}
          />
        ))}
      </fieldset>
      <TrialLengthFields length={length} />
      {start.error !== null && <ProblemNote problem={toProblem(start.error)} />}
      <div className={css.start}>
        <p className={css.hint}>
          {length.isSound && chosen.length > 0
            ? `Takes about ${renderDuration(length.takesMs(chosen.length))}, and sends traffic meanwhile.`
            : 'Choose what to try.'}
        </p>
        <Button type="submit" loading={start.isPending} disabled={!isFree || !length.isSound || chosen.length === 0}>
          Start measuring
        </Button>
      </div>
    </form>
  )
}
