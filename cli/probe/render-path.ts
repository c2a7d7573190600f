import { describeMtu, describeRung, describeTrips, renderMs, renderRatio } from '../../domain/probe/describe.ts'
import { describeInterface } from '../../domain/probe/describe-interface.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { plainText } from '../plain-text.ts'
import { renderRate } from '../quantities.ts'
import { renderTable } from '../table.ts'
import type { Footnotes } from './footnotes.ts'

const INDENT = '  '

/** Facts of this host: what was found, or why not, and where it was read. */
export const renderInterface = ({ interface: { result } }: ProbeReport): string[] =>
  result === null
    ? []
    : [
        `${INDENT}Interface ${plainText(result.name)}`,
        renderTable(
          describeInterface(result).map(({ name, value, lacks, from }) => [
            name,
            plainText(value ?? `– ${lacks ?? 'not known'}`),
            value === null ? '' : plainText(from.how),
          ]),
          INDENT,
        ),
      ]

export const renderMtu = ({ mtu: { result }, request }: ProbeReport, { mark }: Footnotes): string[] => {
  if (result === null) return []
  const asked = result.rungs.filter(({ bytes }) => request.mtuRungs.includes(bytes))
  return [
    `${INDENT}${describeMtu(result)}${mark(result.mtuBytes.from)}`,
    // What went through tunnels is inside them already.
    ...(request.target.kind === 'deployment'
      ? [`${INDENT}Through the tunnels: it is the size inside them.`]
      : [`${INDENT}Inside a tunnel: ${result.innerMtuBytes.value} bytes${mark(result.innerMtuBytes.from)}`]),
    ...asked.map((rung) => `${INDENT}${String(rung.bytes).padStart(6)} bytes: ${describeRung(rung)}`),
  ]
}

export const renderLatency = ({ latency: { result, problem: whole } }: ProbeReport, { mark }: Footnotes): string[] => {
  if (result === null) return []
  const { target, problem, regions } = result
  // What is said of the whole part, and what to do then, comes below it.
  const isTold = problem === null || problem === whole?.message
  const lines = [
    ...(target === null ? [] : [`${INDENT}To the target: ${describeTrips(target)}${mark(target.medianMs.from)}`]),
    ...(isTold ? [] : [`${INDENT}To the target: ${plainText(problem)}`]),
  ]
  if (regions.length === 0) return lines
  // The nearest first; those that were not reached last.
  const sorted = regions.toSorted(
    (a, b) =>
      (a.trips?.medianMs.value ?? Number.POSITIVE_INFINITY) - (b.trips?.medianMs.value ?? Number.POSITIVE_INFINITY),
  )
  const rows = sorted.map(({ region, trips, problem: why }) =>
    trips === null
      ? [plainText(region), '–', '', '', plainText(why ?? 'not reached')]
      : [
          plainText(region),
          ...[trips.medianMs, trips.minMs, trips.p95Ms].map(({ value }) => renderMs(value)),
          `${renderMs(trips.jitterMs.value)}${mark(trips.medianMs.from)}`,
        ],
  )
  return [...lines, renderTable([['region', 'median', 'least', '95 %', 'jitter'], ...rows], INDENT)]
}

type Bandwidth = NonNullable<ProbeReport['bandwidth']['result']>

const renderRuns = ({ runs }: Bandwidth, { mark }: Footnotes): string[] => {
  const counts = [...new Set(runs.map(({ streams }) => streams))].toSorted((a, b) => a - b)
  const goodput = (streams: number, direction: 'upload' | 'download'): string => {
    const run = runs.find((each) => each.streams === streams && each.direction === direction)
    if (run === undefined) return '–'
    const { value, from } = run.goodputBitsPerSecond
    return `${renderRate(value)}${mark(from)}`
  }
  const rows = counts.map((count) => [String(count), goodput(count, 'upload'), goodput(count, 'download')])
  return rows.length === 0 ? [] : [renderTable([['streams', 'upload', 'download'], ...rows], INDENT)]
}

const renderUdp = ({ udp }: Bandwidth, { mark }: Footnotes): string[] => {
  const rows = udp.map((step) => [
    `UDP ${step.direction}`,
    String(step.flows),
    renderRate(step.offeredBitsPerSecond),
    `${renderRate(step.receivedBitsPerSecond.value)}${mark(step.receivedBitsPerSecond.from)}`,
    renderRatio(step.lossRatio),
  ])
  return rows.length === 0 ? [] : [renderTable([['', 'flows', 'offered', 'arrived', 'lost'], ...rows], INDENT)]
}

export const renderBandwidth = ({ bandwidth: { result } }: ProbeReport, footnotes: Footnotes): string[] =>
  result === null
    ? []
    : [
        `${INDENT}Goodput over TCP, by iperf3 ${plainText(result.iperf3Version)}`,
        ...renderRuns(result, footnotes),
        ...renderUdp(result, footnotes),
      ]
