import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { currentClient } from '../../app/connection-store.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './TrafficPanel.module.css'
import { type TrafficPlan, useTrafficPlan } from './traffic-plan.ts'

const DIRECTIONS = [
  { value: 'upload', label: 'Upload' },
  { value: 'download', label: 'Download' },
]

const useStart = () => useMutation({ mutationFn: (plan: TrafficPlan) => currentClient().call('traffic.start', plan) })

/** What to send: streams, for how long, which way. */
export const TrafficForm = ({ disabled }: { readonly disabled: boolean }) => {
  const plan = useTrafficPlan()
  const start = useStart()
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        start.mutate(plan)
      }}
    >
      <div className={css.fields}>
        <NumberInput
          label="Streams"
          min={1}
          max={128}
          allowDecimal={false}
          value={plan.streams}
          onChange={(value) => useTrafficPlan.setState({ streams: Number(value) })}
        />
        <NumberInput
          label="Duration"
          suffix=" s"
          min={1}
          max={86_400}
          allowDecimal={false}
          value={plan.durationSeconds}
          onChange={(value) => useTrafficPlan.setState({ durationSeconds: Number(value) })}
        />
      </div>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Direction of the traffic"
        data={DIRECTIONS}
        value={plan.direction}
        onChange={(value) => useTrafficPlan.setState({ direction: value as TrafficPlan['direction'] })}
      />
      <Button
        type="submit"
        fullWidth
        disabled={disabled}
        loading={start.isPending}
        leftSection={<IconPlayerPlay size={16} />}
      >
        Start traffic
      </Button>
      {start.error !== null && <ProblemNote problem={toProblem(start.error)} />}
    </form>
  )
}
