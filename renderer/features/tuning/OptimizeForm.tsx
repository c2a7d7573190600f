import { Button, Checkbox, NumberInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AppContract } from '../../../contract/app.ts'
import type { InputOf } from '../../../contract/define.ts'
import { optionsOf, TuningOption } from '../../../domain/tuning.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient } from '../../app/connection-store.ts'
import { renderDuration } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { optionText, optionTitle } from './option-words.ts'
import css from './Tuning.module.css'

type Order = InputOf<AppContract, 'optimize.start'>

const useStart = () => useMutation({ mutationFn: (order: Order) => currentClient().call('optimize.start', order) })

const within = (value: number | string, least: number, most: number): boolean =>
  value !== '' && Number.isInteger(Number(value)) && Number(value) >= least && Number(value) <= most

type Props = { readonly plan: DeploymentPlan; readonly isFree: boolean }

/** What is to be tried, and how thoroughly; and how long that takes. */
export const OptimizeForm = ({ plan, isFree }: Props) => {
  const wanted = optionsOf(plan.tuning.wanted)
  const [chosen, setChosen] = useState<readonly TuningOption[]>(wanted)
  const [pairs, setPairs] = useState<number | string>(3)
  const [seconds, setSeconds] = useState<number | string>(5)
  const start = useStart()
  const isSound = within(pairs, 2, 20) && within(seconds, 1, 60)
  const choose = (option: TuningOption, isChosen: boolean): void =>
    setChosen((before) => TuningOption.options.filter((each) => (each === option ? isChosen : before.includes(each))))
  const takesMs = chosen.length * Number(pairs) * 2 * Number(seconds) * 1000
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isSound) start.mutate({ options: [...chosen], pairs: Number(pairs), seconds: Number(seconds) })
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
      <div className={css.numbers}>
        <NumberInput
          label="Pairs"
          description="Without, then with."
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={pairs}
          error={within(pairs, 2, 20) ? undefined : 'Must be from 2 to 20.'}
          onChange={setPairs}
        />
        <NumberInput
          label="Each for"
          description="Of traffic of its own."
          suffix=" s"
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={seconds}
          error={within(seconds, 1, 60) ? undefined : 'Must be from 1 to 60 s.'}
          onChange={setSeconds}
        />
      </div>
      {start.error !== null && <ProblemNote problem={toProblem(start.error)} />}
      <div className={css.start}>
        <p className={css.hint}>
          {isSound && chosen.length > 0
            ? `Takes about ${renderDuration(takesMs)}, and sends traffic meanwhile.`
            : 'Choose what to try.'}
        </p>
        <Button type="submit" loading={start.isPending} disabled={!isFree || !isSound || chosen.length === 0}>
          Start measuring
        </Button>
      </div>
    </form>
  )
}
