import type { BandwidthResult, FlowLook, TcpRun } from './bandwidth.ts'
import type { InterfaceFacts } from './interface.ts'
import { packetBytesOf, steadyBitsPerSecond, tcpOnWire } from './rates.ts'
import { type UdpVerdict, udpVerdictOf } from './udp-verdict.ts'

export type Direction = TcpRun['direction']

/** What the connections of a run spent their time on, as shares; `null` where nobody looked. */
export type Shares = {
  /** Of the time that was watched: data was on its way. */
  readonly busy: number
  /** Of that time: held back by the receiver's window, by the own send buffer. */
  readonly receiverWindow: number
  readonly sendBuffer: number
  /** Of the looks: the application had nothing to send. */
  readonly applicationLimited: number
  /** Round trips, ms: the smallest, and in the middle of the run. */
  readonly minRttMs: number | null
  readonly medianRttMs: number | null
  /** Share of its congestion window that a connection had under way; `null` where a look did not say. */
  readonly windowUsed: number | null
}

/** A run with what follows from its own numbers. */
export type SeenRun = {
  readonly run: TcpRun
  readonly streams: number
  /** Payload, once up to speed. */
  readonly steady: number
  /** The same in IP packets. */
  readonly onWire: number
  readonly shares: Shares | null
  /** Share of what was sent that was sent again. */
  readonly resent: number | null
}

/** Everything that was found in one direction. */
export type Side = {
  readonly direction: Direction
  /** Fewest streams first; at least one. */
  readonly runs: readonly SeenRun[]
  readonly one: SeenRun
  readonly most: SeenRun
  readonly best: SeenRun
  /** How much more the best carries than the one of fewest streams; `null` with one number of streams. */
  readonly growth: number | null
  /** How much more the last step in streams gave. */
  readonly lastGrowth: number | null
  readonly udp: UdpVerdict | null
  /** What the steps the other way show. */
  readonly udpBack: UdpVerdict | null
  readonly bandwidth: BandwidthResult
  readonly facts: InterfaceFacts | null
}

const sum = (flows: readonly FlowLook[], pick: (flow: FlowLook) => number): number =>
  flows.reduce((total, flow) => total + pick(flow), 0)

const ratio = (part: number, whole: number): number => (whole > 0 ? Math.min(1, part / whole) : 0)

const middle = (values: readonly (number | null)[]): number | null => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

/** Bytes under way (what it delivers in a round trip) over its congestion window. */
const windowUsedBy = (flow: FlowLook): number | null => {
  const { congestionWindow, maximumSegmentBytes, medianRttMs, bytesSent, watchedMs } = flow
  if (congestionWindow === null || maximumSegmentBytes === null || medianRttMs === null || watchedMs <= 0) return null
  return ((bytesSent / watchedMs) * medianRttMs) / (congestionWindow * maximumSegmentBytes)
}

const sharesOf = ({ flows }: TcpRun): Shares | null => {
  const looks = sum(flows, (flow) => flow.looks)
  if (looks === 0) return null
  const busyMs = sum(flows, (flow) => flow.busyMs)
  const smallest = flows.flatMap(({ minRttMs }) => minRttMs ?? [])
  return {
    busy: ratio(
      busyMs,
      sum(flows, (flow) => flow.watchedMs),
    ),
    receiverWindow: ratio(
      sum(flows, (flow) => flow.receiverLimitedMs),
      busyMs,
    ),
    sendBuffer: ratio(
      sum(flows, (flow) => flow.sendBufferLimitedMs),
      busyMs,
    ),
    applicationLimited: ratio(
      sum(flows, (flow) => flow.applicationLimitedLooks),
      looks,
    ),
    minRttMs: smallest.length === 0 ? null : Math.min(...smallest),
    medianRttMs: middle(flows.map(({ medianRttMs }) => medianRttMs)),
    windowUsed: middle(flows.map(windowUsedBy)),
  }
}

const resentOf = (run: TcpRun, packetBytes: number): number | null => {
  const sent = sum(run.flows, (flow) => flow.bytesSent)
  if (sent > 0) return sum(run.flows, (flow) => flow.bytesRetransmitted) / sent
  const arrived = (run.goodputBitsPerSecond.value * run.seconds) / 8
  return run.retransmits === null || arrived <= 0
    ? null
    : Math.min(1, (run.retransmits * packetBytes) / tcpOnWire(packetBytes) / arrived)
}

const seen = (run: TcpRun, pathMtuBytes: number): SeenRun => {
  const steady = steadyBitsPerSecond(run)
  const packetBytes = packetBytesOf(run, pathMtuBytes)
  const onWire = steady * tcpOnWire(packetBytes)
  return { run, streams: run.streams, steady, onWire, shares: sharesOf(run), resent: resentOf(run, packetBytes) }
}

/** What was found in a direction; `null` where nothing ran, or nothing arrived. Pure. */
export const sideOf = (
  direction: Direction,
  bandwidth: BandwidthResult,
  facts: InterfaceFacts | null,
  pathMtuBytes: number,
): Side | null => {
  const runs = bandwidth.runs
    .filter((run) => run.direction === direction && run.goodputBitsPerSecond.value > 0)
    .map((run) => seen(run, pathMtuBytes))
    .sort((a, b) => a.streams - b.streams)
  const [one, most] = [runs[0], runs.at(-1)]
  if (one === undefined || most === undefined) return null
  const best = runs.reduce((highest, each) => (each.steady > highest.steady ? each : highest))
  const before = runs.findLast(({ streams }) => streams < most.streams)
  return {
    direction,
    runs,
    one,
    most,
    best,
    growth: one.streams === most.streams ? null : best.steady / one.steady,
    lastGrowth: before === undefined ? null : most.steady / before.steady,
    udp: udpVerdictOf(
      bandwidth.udp.filter((step) => step.direction === direction),
      Math.max(...runs.map(({ onWire, streams }) => onWire / streams)),
    ),
    udpBack: udpVerdictOf(bandwidth.udp.filter((step) => step.direction !== direction)),
    bandwidth,
    facts,
  }
}
