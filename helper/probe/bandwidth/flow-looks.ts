import type { FlowLook } from '../../../domain/probe/bandwidth.ts'
import type { MeasuredFlow } from '../../flows/parse-ss.ts'

type Look = { readonly atMs: number; readonly flow: MeasuredFlow }
type Watched = { readonly first: Look; last: Look; rttsMs: number[]; looks: number; applicationLimited: number }

const begin = (look: Look): Watched => ({ first: look, last: look, rttsMs: [], looks: 0, applicationLimited: 0 })

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

const portOf = (end: string): number => Number(end.slice(end.lastIndexOf(':') + 1))

const COUNTERS = [
  'bytesSent',
  'bytesRetransmitted',
  'segmentsSent',
  'retransmits',
  'busyMs',
  'receiverLimitedMs',
  'sendBufferLimitedMs',
] as const

const tellFlow = ({ first, last, rttsMs, looks, applicationLimited }: Watched): FlowLook => {
  const { flow } = last
  const risen = Object.fromEntries(COUNTERS.map((name) => [name, Math.max(0, flow[name] - first.flow[name])]))
  return {
    ...(risen as Record<(typeof COUNTERS)[number], number>),
    local: flow.local,
    remote: flow.remote,
    maximumSegmentBytes: flow.maximumSegmentBytes,
    congestionWindow: flow.congestionWindow,
    congestionControl: flow.congestionControl,
    rttMs: flow.rttMs,
    minRttMs: flow.minRttMs,
    deliveryBitsPerSecond: flow.deliveryBitsPerSecond,
    watchedMs: Math.round(last.atMs - first.atMs),
    looks,
    applicationLimitedLooks: applicationLimited,
    medianRttMs: median(rttsMs),
  }
}

/** Gathers looks at the flows of one run. */
export type FlowLooks = {
  readonly see: (atMs: number, flows: readonly MeasuredFlow[]) => void
  /** From here on it counts: what was seen before is only where the counters begin. */
  readonly restart: () => void
  /** Those whose local port is among `ports`, the slowest first. */
  readonly tell: (ports: ReadonlySet<number>) => FlowLook[]
}

export const makeFlowLooks = (): FlowLooks => {
  let watched = new Map<string, Watched>()
  return {
    see: (atMs, flows) => {
      for (const flow of flows) {
        const look = { atMs, flow }
        const known = watched.get(flow.local) ?? begin(look)
        watched.set(flow.local, known)
        known.last = look
        known.looks += 1
        if (flow.rttMs !== null) known.rttsMs.push(flow.rttMs)
        if (flow.applicationLimited) known.applicationLimited += 1
      }
    },
    restart: () => {
      watched = new Map([...watched].map(([local, { last }]) => [local, begin(last)]))
    },
    tell: (ports) =>
      [...watched.values()]
        .filter(({ last }) => ports.has(portOf(last.flow.local)))
        .map(tellFlow)
        .toSorted((a, b) => a.bytesSent - b.bytesSent),
  }
}
