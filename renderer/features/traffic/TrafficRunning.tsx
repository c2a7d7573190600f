import { Button } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { TrafficState } from '../../../contract/app.ts'
import { currentClient } from '../../app/connection-store.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { quantifyRate, renderCount } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './TrafficPanel.module.css'

/** Load under way: its rate as iperf3 tells it every second, and the way to stop it. */
export const TrafficRunning = ({ traffic }: { readonly traffic: TrafficState }) => {
  const stop = useMutation({ mutationFn: () => currentClient().call('traffic.stop', {}) })
  const rate = traffic.latestBitsPerSecond === null ? null : quantifyRate(traffic.latestBitsPerSecond)
  const what = [renderCount(traffic.streams ?? 0, 'stream'), traffic.direction].filter(Boolean).join(', ')
  return (
    <div className={css.running}>
      <p className={css.runningLine}>
        <span>{what}</span>
        {traffic.startedAtMs !== null && <Elapsed sinceMs={traffic.startedAtMs} untilMs={null} />}
      </p>
      <p className={css.rate}>
        <span className={css.rateValue}>{rate?.value ?? '–'}</span> {rate?.unit ?? 'Mbit/s'}
      </p>
      <p className={css.note}>as iperf3 counts it, this second</p>
      <Button
        fullWidth
        variant="default"
        loading={stop.isPending}
        leftSection={<IconPlayerStop size={16} />}
        onClick={() => stop.mutate()}
      >
        Stop traffic
      </Button>
      {stop.error !== null && <ProblemNote problem={toProblem(stop.error)} />}
    </div>
  )
}
