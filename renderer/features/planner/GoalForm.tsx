import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import css from './GoalForm.module.css'
import { type GoalDraft, type GoalErrors, useGoalDraft } from './goal-draft.ts'

const KINDS = [
  { value: 'bytes', label: 'An amount of data' },
  { value: 'rate', label: 'A rate' },
]
const DIRECTIONS = [
  { value: 'upload', label: 'To AWS' },
  { value: 'download', label: 'From AWS' },
]
const UNITS = ['GB', 'TB', 'PB']

const set = (change: Partial<GoalDraft>): void => useGoalDraft.setState(change)

/** What is to be moved, how fast or until when, and for how much. */
export const GoalForm = ({ errors }: { readonly errors: GoalErrors }) => {
  const goal = useGoalDraft()
  return (
    <div className={css.form}>
      <div className={css.switches}>
        <SegmentedControl
          size="xs"
          aria-label="Kind of goal"
          data={KINDS}
          value={goal.kind}
          onChange={(kind) => set({ kind: kind as GoalDraft['kind'] })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Which way"
          data={DIRECTIONS}
          value={goal.direction}
          onChange={(direction) => set({ direction: direction as GoalDraft['direction'] })}
        />
      </div>
      <div className={css.fields}>
        {goal.kind === 'rate' ? (
          <NumberInput
            label="Rate"
            description="Payload, as it arrives."
            suffix=" Gbit/s"
            clampBehavior="none"
            allowNegative={false}
            value={goal.rateGigabits}
            error={errors.rateGigabits}
            onChange={(rateGigabits) => set({ rateGigabits })}
          />
        ) : (
          <div className={css.amount}>
            <NumberInput
              label="Amount"
              description="Payload, as disks count."
              clampBehavior="none"
              allowNegative={false}
              thousandSeparator=" "
              value={goal.amount}
              error={errors.amount}
              onChange={(amount) => set({ amount })}
            />
            <Select
              aria-label="Unit of the amount"
              data={UNITS}
              value={goal.unit}
              allowDeselect={false}
              onChange={(unit) => set({ unit: unit as GoalDraft['unit'] })}
            />
          </div>
        )}
        {goal.kind === 'bytes' && (
          <TextInput
            type="datetime-local"
            label="To be through by"
            description="Empty: whenever."
            value={goal.by}
            error={errors.by}
            onChange={({ currentTarget }) => set({ by: currentTarget.value })}
          />
        )}
        <NumberInput
          label="Budget"
          description="In all, transfer included. Empty: none."
          prefix="$"
          placeholder="none"
          clampBehavior="none"
          allowNegative={false}
          value={goal.budgetUsd}
          error={errors.budgetUsd}
          onChange={(budgetUsd) => set({ budgetUsd })}
        />
      </div>
    </div>
  )
}
