import type { ReactNode } from 'react'
import type { TcpRun } from '../../../domain/probe/bandwidth.ts'
import type { Fact, Figure } from '../../../domain/probe/figure.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { renderBytes, renderMs, renderRate, renderRatio, renderShare } from '../../ui/format.ts'
import type { Station } from './path-picture.ts'
import { Sourced } from './Sourced.tsx'

type Direction = 'upload' | 'download'

const shown = <Value,>(figure: Figure<Value> | null | undefined, text: (value: Value) => string): ReactNode[] =>
  figure == null
    ? []
    : [
        <Sourced key={figure.from.how} from={figure.from}>
          {text(figure.value)}
        </Sourced>,
      ]

const known = <Value,>(fact: Fact<Value> | undefined, text: (value: Value) => string): ReactNode[] =>
  fact === undefined || fact.value === null ? [] : shown({ value: fact.value, from: fact.from }, text)

const sends = (runs: readonly TcpRun[]): string => {
  const file = runs.find(({ sourceFile }) => sourceFile !== null)?.sourceFile
  return file == null ? 'sends from memory' : `sends ${file}`
}

const program = ({ bandwidth: { result } }: ProbeReport, direction: Direction): ReactNode[] =>
  result === null
    ? ['not tried']
    : [direction === 'download' ? 'takes what comes' : sends(result.runs), `iperf3 ${result.iperf3Version}`]

const sockets = ({ interface: { result } }: ProbeReport, direction: Direction): ReactNode[] => [
  ...known(
    direction === 'upload' ? result?.tcpSendBufferBytes : result?.tcpReceiveBufferBytes,
    (bytes) => `up to ${renderBytes(bytes)}`,
  ),
  ...known(result?.congestionControl, (name) => name),
]

const processor = ({ interface: { result }, bandwidth }: ProbeReport): ReactNode[] => [
  ...known(result?.cores, (cores) => `${cores} cores`),
  ...(bandwidth.result?.busiestCoreRatio == null ? [] : [`busiest ${renderShare(bandwidth.result.busiestCoreRatio)}`]),
]

const card = ({ interface: { result } }: ProbeReport): ReactNode[] =>
  result === null
    ? []
    : [
        <span key="name" className="mono">
          {result.name}
        </span>,
        ...known(result.speedBitsPerSecond, renderRate),
        ...known(result.mtuBytes, (bytes) => `MTU ${bytes}`),
      ]

const path = ({ analysis, mtu, latency }: ProbeReport): ReactNode[] => [
  ...shown(analysis?.pathBitsPerSecond, renderRate),
  ...shown(latency.result?.target?.medianMs, renderMs),
  ...shown(mtu.result?.mtuBytes, (bytes) => `MTU ${bytes}`),
  ...shown(analysis?.lossRatio, (ratio) => `${renderRatio(ratio)} lost`),
]

/** What is known of a station of the way. */
export const stationFacts = (station: Station, report: ProbeReport, direction: Direction): readonly ReactNode[] => {
  const facts = {
    program: () => program(report, direction),
    sockets: () => sockets(report, direction),
    processor: () => processor(report),
    interface: () => card(report),
    path: () => path(report),
    'far-end': () => [report.targetName],
  }[station]()
  return facts.length === 0 ? ['not measured'] : facts
}
