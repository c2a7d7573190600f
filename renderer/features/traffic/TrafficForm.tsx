import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { currentClient } from '../../app/connection-store.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './TrafficPanel.module.css'
import { type TrafficDraft, useTrafficPlan } from './traffic-plan.ts'

const DIRECTIONS = [
  { value: 'upload', label: 'Upload' },
  { value: 'download', label: 'Download' },
]

const useStart = () =>
  useMutation({
    mutationFn: ({ streams, durationSeconds, direction }: TrafficDraft) =>
      currentClient().call('traffic.start', {
        streams: Number(streams),
        durationSeconds: Number(durationSeconds),
        direction,
      }),
  })

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
          required
          withAsterisk={false}
          min={1}
          max={128}
          allowDecimal={false}
          value={plan.streams}
          onChange={(streams) => useTrafficPlan.setState({ streams })}
        />
        <NumberInput
          label="Duration"
          required
          withAsterisk={false}
          suffix=" s"
          min={1}
          max={86_400}
          allowDecimal={false}
          value={plan.durationSeconds}
          onChange={(durationSeconds) => useTrafficPlan.setState({ durationSeconds })}
        />
      </div>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Direction of the traffic"
        data={DIRECTIONS}
        value={plan.direction}
        onChange={(value) => useTrafficPlan.setState({ direction: value as TrafficDraft['direction'] })}
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
