import type { Flow } from '../../../contract/app.ts'

/** An ordinary connection, or a Multipath TCP connection with its subflows. */
export type FlowGroup = {
  readonly key: string
  readonly remote: string
  /** `null`: ordinary TCP. */
  readonly mptcpToken: string | null
  /** One of an ordinary connection; the subflows of the other kind, by tunnel. */
  readonly flows: readonly Flow[]
  readonly upBitsPerSecond: number | null
  readonly downBitsPerSecond: number | null
  readonly bytes: number
  readonly rttMs: number | null
  readonly isElephant: boolean
}

export type FlowOrder = 'up' | 'down' | 'moved' | 'rtt'

const sumOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

const groupOf = (token: string | null, flows: readonly Flow[], elephantBytes: number): FlowGroup => {
  const first = flows[0] as Flow
  const bytes = flows.reduce((sum, flow) => sum + flow.bytesSent + flow.bytesReceived, 0)
  const rtts = flows.flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs]))
  return {
    key: token === null ? `${first.local} ${first.remote}` : `mptcp ${token}`,
    remote: first.remote,
    mptcpToken: token,
    flows,
    upBitsPerSecond: sumOf(flows.map(({ upBitsPerSecond }) => upBitsPerSecond)),
    downBitsPerSecond: sumOf(flows.map(({ downBitsPerSecond }) => downBitsPerSecond)),
    bytes,
    rttMs: rtts.length === 0 ? null : Math.min(...rtts),
    isElephant: flows.some(({ isElephant }) => isElephant) || (token !== null && bytes >= elephantBytes),
  }
}

const VALUES: Readonly<Record<FlowOrder, (group: FlowGroup) => number>> = {
  up: ({ upBitsPerSecond }) => upBitsPerSecond ?? -1,
  down: ({ downBitsPerSecond }) => downBitsPerSecond ?? -1,
  moved: ({ bytes }) => bytes,
  rtt: ({ rttMs }) => rttMs ?? -1,
}

/**
 * Connections, those of Multipath TCP with their subflows together; largest first by `order`, and where two are equal as
 * their addresses say, so that rows keep their places. Pure.
 */
export const groupFlows = (flows: readonly Flow[], order: FlowOrder, elephantBytes: number): FlowGroup[] => {
  const bundles = Map.groupBy(
    flows.filter(({ mptcpToken }) => mptcpToken !== null),
    ({ mptcpToken }) => mptcpToken as string,
  )
  const groups = [
    ...flows.filter(({ mptcpToken }) => mptcpToken === null).map((flow) => groupOf(null, [flow], elephantBytes)),
    ...[...bundles].map(([token, own]) =>
      groupOf(
        token,
        own.toSorted((a, b) => (a.tunnel ?? 0) - (b.tunnel ?? 0)),
        elephantBytes,
      ),
    ),
  ]
  const value = VALUES[order]
  return groups.toSorted((a, b) => value(b) - value(a) || (a.key < b.key ? -1 : 1))
}
