import { Button } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { TrafficState } from '../../../contract/app.ts'
import { currentClient } from '../../app/connection-store.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { quantifyRate, renderCount, renderDuration } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './TrafficPanel.module.css'
import { useTraffic } from './traffic-store.ts'

/** iperf3 speaks once a second; after this it is held up, and its last word is no longer true. */
const SILENT_AFTER_MS = 3500

/** Milliseconds since iperf3's last word, when that is too long; `null` while it speaks. */
const useSilence = (): number | null => {
  const heardAtMs = useTraffic((state) => state.heardAtMs)
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now - heardAtMs > SILENT_AFTER_MS ? now - heardAtMs : null
}

/** Load under way: its rate as iperf3 tells it every second, and the way to stop it. */
export const TrafficRunning = ({ traffic }: { readonly traffic: TrafficState }) => {
  const stop = useMutation({ mutationFn: () => currentClient().call('traffic.stop', {}) })
  const silence = useSilence()
  const latest = silence === null ? traffic.latestBitsPerSecond : null
  const rate = latest === null ? null : quantifyRate(latest)
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
      <p className={css.note}>
        {silence === null
          ? 'as iperf3 counts it, this second'
          : `iperf3 has said nothing for ${renderDuration(silence)}: a stream may wait for a silent tunnel.`}
      </p>
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
