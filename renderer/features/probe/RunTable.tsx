import type { TcpRun } from '../../../domain/probe/bandwidth.ts'
import { orDash, renderRate, renderShare } from '../../ui/format.ts'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { directionWord } from './limit-words.ts'
import probe from './Probe.module.css'
import { Sourced } from './Sourced.tsx'
import css from './Streams.module.css'

const SPARK = { width: 92, height: 20 } as const

/** The seconds of a run, to its own scale. */
const Seconds = ({ run }: { readonly run: TcpRun }) => {
  const { intervals } = run
  const most = Math.max(1, ...intervals.map(({ bitsPerSecond }) => bitsPerSecond))
  if (intervals.length < 2) return <span>–</span>
  const points = intervals.map(
    ({ bitsPerSecond }, index) =>
      `${((SPARK.width * index) / (intervals.length - 1)).toFixed(1)} ${(SPARK.height - 1 - ((SPARK.height - 2) * bitsPerSecond) / most).toFixed(1)}`,
  )
  return (
    <svg {...SPARK} className={css.spark} data-direction={run.direction} aria-hidden="true">
      <path d={`M${points.join('L')}`} />
    </svg>
  )
}

const Run = ({ run }: { readonly run: TcpRun }) => (
  <tr>
    <th scope="row">
      {directionWord(run.direction)}, {run.streams}
    </th>
    <td className={probe.number}>
      <Sourced from={run.goodputBitsPerSecond.from}>{renderRate(run.goodputBitsPerSecond.value)}</Sourced>
    </td>
    <td>
      <Seconds run={run} />
    </td>
    <td className={probe.number}>{orDash(run.retransmits, String)}</td>
    <td className={probe.number}>{orDash(run.senderCoreRatio, renderShare)}</td>
    <td className={probe.number}>{orDash(run.receiverCoreRatio, renderShare)}</td>
  </tr>
)

/** Every run in numbers. */
export const RunTable = ({ runs }: { readonly runs: readonly TcpRun[] }) => (
  <ScrollRegion label="Runs table">
    <table className={probe.table} aria-label="Runs">
      <thead>
        <tr>
          <th scope="col">Streams</th>
          <th scope="col" className={probe.number}>
            Goodput
          </th>
          <th scope="col">Its seconds</th>
          <th scope="col" className={probe.number}>
            Sent again
          </th>
          <th scope="col" className={probe.number}>
            Core, sender
          </th>
          <th scope="col" className={probe.number}>
            receiver
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Run key={`${run.direction} ${run.streams}`} run={run} />
        ))}
      </tbody>
    </table>
  </ScrollRegion>
)
