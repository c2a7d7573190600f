import type { DeploymentView, Review } from '../../../contract/app.ts'
import { quantifyBytes, quantifyMs, quantifyRate, quantifyRatio, renderBytes, renderUsd } from '../../ui/format.ts'
import { Measure } from '../../ui/Measure.tsx'
import { useEngineNow } from '../../ui/use-now.ts'
import { useReview } from '../deployment/use-review.ts'
import { totalsOf } from '../telemetry/totals.ts'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import css from './Numbers.module.css'

const MS_PER_HOUR = 3_600_000

const costOf = (review: Review | undefined) => {
  const usd = review?.costUsdPerHour ?? null
  return usd === null ? null : { value: renderUsd(usd), unit: 'per hour' }
}

const costNote = (review: Review | undefined, hours: number): string => {
  const usd = review?.costUsdPerHour ?? null
  if (usd === 0) return 'runs on this machine'
  return usd === null ? 'not known' : `${renderUsd(usd * hours)} so far`
}

/** The numbers of the whole bundle, now. */
export const Numbers = ({
  view,
  className,
}: {
  readonly view: DeploymentView
  readonly className?: string | undefined
}) => {
  const latest = useLiveSample(view)
  const { data: review } = useReview(view.plan)
  const now = useEngineNow(10_000)
  const totals = latest === null || latest.tunnels.length === 0 ? null : totalsOf(latest)
  const hours = Math.max(0, now - (view.createdAtMs ?? now)) / MS_PER_HOUR
  const moved = totals === null ? null : totals.upBytes + totals.downBytes
  return (
    <section aria-label="Numbers now" className={className}>
      <dl className={css.numbers}>
        <Measure
          label="Goodput up"
          mark="↑"
          quantity={totals && quantifyRate(totals.upBitsPerSecond)}
          note="payload, all tunnels"
        />
        <Measure
          label="Goodput down"
          mark="↓"
          quantity={totals && quantifyRate(totals.downBitsPerSecond)}
          note="payload, all tunnels"
        />
        <Measure
          label="Round trip"
          quantity={totals?.rttMs == null ? null : quantifyMs(totals.rttMs)}
          note="median of the tunnels"
        />
        <Measure
          label="Loss"
          quantity={totals?.lossRatio == null ? null : quantifyRatio(totals.lossRatio)}
          note="of echoes"
        />
        <Measure
          label="Moved"
          quantity={moved === null ? null : quantifyBytes(moved)}
          note={totals === null ? undefined : `↑ ${renderBytes(totals.upBytes)}  ↓ ${renderBytes(totals.downBytes)}`}
        />
        <Measure label="Cost" quantity={costOf(review)} note={costNote(review, hours)} />
      </dl>
    </section>
  )
}
