import { PART_STATES } from '../../../domain/probe/describe.ts'
import type { Figure } from '../../../domain/probe/figure.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { type Quantity, quantifyMs, quantifyRate, quantifyRatio, renderCount, renderMs } from '../../ui/format.ts'
import measure from '../../ui/Measure.module.css'
import { Reading } from '../../ui/Measure.tsx'
import { Measures } from '../../ui/Measures.tsx'
import { bestRun } from './best-run.ts'
import type { PartState } from './part-words.ts'
import css from './ReportNumbers.module.css'
import { Sourced } from './Sourced.tsx'

type Props = {
  readonly label: string
  readonly figure: Figure<number> | null
  readonly quantify: (value: number) => Quantity
  readonly note: string
  /** Of the part it belongs to: said in place of a figure that is not there. */
  readonly state: PartState
}

const Finding = ({ label, figure, quantify, note, state }: Props) => (
  <div className={measure.measure}>
    <dt className={measure.label}>{label}</dt>
    <dd className={measure.reading}>
      {figure === null ? (
        <span className={css.none}>–</span>
      ) : (
        <Sourced from={figure.from}>
          <Reading quantity={quantify(figure.value)} />
        </Sourced>
      )}
      <span className={measure.note}>
        {figure === null ? (state === 'done' ? 'not found' : PART_STATES[state]) : note}
      </span>
    </dd>
  </div>
)

const bytes = (value: number): Quantity => ({ value: String(value), unit: 'bytes' })

/** What was found, in six figures. */
export const ReportNumbers = ({ report }: { readonly report: ProbeReport }) => {
  const { mtu, latency, bandwidth, analysis } = report
  const trips = latency.result?.target ?? null
  const up = bestRun(bandwidth.result, 'upload')
  const down = bestRun(bandwidth.result, 'download')
  return (
    <Measures label="What was found">
      <Finding
        label="Path MTU"
        figure={mtu.result?.mtuBytes ?? null}
        quantify={bytes}
        note="largest packet that passes"
        state={mtu.state}
      />
      {/* What went through tunnels is inside them already. */}
      {report.request.target.kind !== 'deployment' && (
        <Finding
          label="MTU inside a tunnel"
          figure={mtu.result?.innerMtuBytes ?? null}
          quantify={bytes}
          note="with WireGuard around it"
          state={mtu.state}
        />
      )}
      <Finding
        label="Round trip"
        figure={trips?.medianMs ?? null}
        quantify={quantifyMs}
        note={trips === null ? '' : `median; least ${renderMs(trips.minMs.value)}`}
        state={latency.state}
      />
      <Finding
        label="Upload"
        figure={up?.goodputBitsPerSecond ?? null}
        quantify={quantifyRate}
        note={up === null ? '' : `at best, over ${renderCount(up.streams, 'stream')}`}
        state={bandwidth.state}
      />
      <Finding
        label="Download"
        figure={down?.goodputBitsPerSecond ?? null}
        quantify={quantifyRate}
        note={down === null ? '' : `at best, over ${renderCount(down.streams, 'stream')}`}
        state={bandwidth.state}
      />
      <Finding
        label="Loss"
        figure={analysis?.lossRatio ?? null}
        quantify={quantifyRatio}
        note="of what was sent"
        state={bandwidth.state}
      />
    </Measures>
  )
}
