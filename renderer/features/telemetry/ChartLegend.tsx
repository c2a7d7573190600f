import type { TelemetrySample } from '../../../contract/app.ts'
import { renderDuration, renderRate } from '../../ui/format.ts'
import { type Direction, goodputOf } from './direction.ts'
import { seriesOf } from './series.ts'
import css from './ThroughputChart.module.css'
import { useTelemetry } from './telemetry-store.ts'

/** Farther than this from any sample, nothing is known. */
const NEAR_MS = 1500

const sampleAt = (samples: readonly TelemetrySample[], atMs: number): TelemetrySample | null => {
  const found = samples.findLast((sample) => sample.atMs <= atMs + NEAR_MS / 2)
  return found !== undefined && atMs - found.atMs <= NEAR_MS ? found : null
}

type Props = { readonly ageSeconds: number | null; readonly direction: Direction }

/** Which colour is which tunnel, or bastion, with its goodput now or under the crosshair. */
export const ChartLegend = ({ ageSeconds, direction }: Props) => {
  const { samples, latest, slots: known } = useTelemetry()
  const read = goodputOf(direction)
  const shown = latest === null || ageSeconds === null ? latest : sampleAt(samples, latest.atMs - ageSeconds * 1000)
  const tunnels = shown?.tunnels ?? latest?.tunnels ?? []
  const sum = (slots: readonly number[] | null): number =>
    tunnels.reduce((all, tunnel) => (slots?.includes(tunnel.slot) === false ? all : all + read(tunnel)), 0)
  const present = new Set(tunnels.map(({ slot }) => slot))
  const series = seriesOf(known).filter(({ slots }) => slots.some((slot) => present.has(slot)))
  const rate = (value: number): string => (shown === null ? '–' : renderRate(value))
  return (
    <div className={css.legend}>
      <span className={css.when}>
        {ageSeconds === null || ageSeconds === 0 ? 'Now' : `${renderDuration(ageSeconds * 1000)} ago`}
      </span>
      <ul className={css.entries} aria-label="Goodput by tunnel">
        {series.map(({ name, colour, slots }) => (
          <li key={name} className={css.entry}>
            <span className={css.swatch} style={{ background: colour }} aria-hidden="true" />
            <span className={css.name}>{name}</span>
            <span className={css.value}>{rate(sum(slots))}</span>
          </li>
        ))}
      </ul>
      <span className={css.total}>
        Total <span className={css.value}>{rate(sum(null))}</span>
      </span>
    </div>
  )
}
