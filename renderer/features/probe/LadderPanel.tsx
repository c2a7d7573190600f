import { useRef } from 'react'
import { describeMtu, describeRung } from '../../../domain/probe/describe.ts'
import type { MtuResult, Rung } from '../../../domain/probe/path.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { useWidth } from '../../ui/use-size.ts'
import css from './Ladder.module.css'
import { type Ladder, ladderOf, lengthOf } from './ladder.ts'
import { PartPanel } from './PartPanel.tsx'
import probe from './Probe.module.css'
import { SourceLine } from './Sourced.tsx'

const Step = ({ rung, isLimit }: Ladder['steps'][number]) => (
  <li className={css.step} data-outcome={rung.outcome} data-limit={isLimit}>
    <span className={css.bytes}>{rung.bytes}</span>
    <span className={css.rail} aria-hidden="true">
      <span className={css.bar} style={{ width: `${100 * lengthOf(rung.bytes)}%` }} />
    </span>
    <span className={css.outcome}>{isLimit ? 'the largest that passes' : describeRung(rung)}</span>
  </li>
)

const HEIGHT = 62
const SIDE = 26
const AXIS = 30

/** Told apart by shape as well: what passed is round and above the line. */
const Mark = ({ rung, x }: { readonly rung: Rung; readonly x: number }) =>
  rung.outcome === 'passed' ? (
    <circle cx={x} cy={AXIS - 11} r={4} className={css.passed} />
  ) : (
    <path d={`M${x - 4} ${AXIS + 8}l8 8m0 -8l-8 8`} className={css.failed} data-outcome={rung.outcome} />
  )

type SearchProps = { readonly search: readonly Rung[]; readonly limit: number }

/** Every size that was tried between two steps, on one line. */
const Search = ({ search, limit }: SearchProps) => {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const least = Math.min(limit, search[0]?.bytes ?? limit)
  const most = Math.max(limit + 1, search.at(-1)?.bytes ?? limit)
  const at = (bytes: number): number => SIDE + ((width - 2 * SIDE) * (bytes - least)) / (most - least)
  return (
    <div ref={box} className={css.search}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT + 14}
          role="img"
          aria-label={`${search.length} sizes between ${least} and ${most} bytes were tried: ${limit} passes, ${limit + 1} does not.`}
        >
          <path d={`M${SIDE} ${AXIS}H${at(limit)}`} className={css.open} />
          <path d={`M${at(limit)} ${AXIS}H${width - SIDE}`} className={css.closed} />
          <path d={`M${at(limit)} 6V${HEIGHT - 4}`} className={css.limit} />
          {search.map((rung) => (
            <Mark key={rung.bytes} rung={rung} x={at(rung.bytes)} />
          ))}
          <text x={SIDE} y={HEIGHT + 8} className={css.tick} data-anchor="middle">
            {least}
          </text>
          <text x={width - SIDE} y={HEIGHT + 8} className={css.tick} data-anchor="middle">
            {most}
          </text>
          {at(limit) - SIDE > 60 && width - SIDE - at(limit) > 60 && (
            <text x={at(limit)} y={HEIGHT + 8} className={css.tick} data-anchor="middle" data-limit="true">
              {limit}
            </text>
          )}
        </svg>
      )}
    </div>
  )
}

const LadderView = ({ result, asked }: { readonly result: MtuResult; readonly asked: readonly number[] }) => {
  const { steps, search } = ladderOf(result, asked)
  return (
    <>
      <p className={css.verdict} data-alarm={result.blackHole}>
        {describeMtu(result)}
      </p>
      <ol className={css.ladder} aria-label="Packet sizes, largest first">
        {steps.map((step) => (
          <Step key={step.rung.bytes} {...step} />
        ))}
      </ol>
      {search.length > 2 && (
        <>
          <p className={css.subtitle}>Where exactly it ends, bytes</p>
          <Search search={search} limit={result.mtuBytes.value} />
        </>
      )}
      <div className={probe.source}>
        <SourceLine from={result.mtuBytes.from} />
      </div>
    </>
  )
}

/** Which packet sizes pass, and where exactly it ends. */
export const LadderPanel = ({ report }: { readonly report: ProbeReport }) => (
  <PartPanel
    part="mtu"
    report={report}
    height={230}
    className={report.latency.state === 'left-out' ? probe.wide : undefined}
  >
    {(result) => <LadderView result={result} asked={report.request.mtuRungs} />}
  </PartPanel>
)
