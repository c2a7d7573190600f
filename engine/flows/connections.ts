import type { Flow } from '../../contract/app.ts'
import type { FlowSample } from '../../contract/helper.ts'
import type { FlowSeen } from '../../domain/autoscale/look.ts'
import { OURS, slotOfLane } from '../../domain/ours.ts'
import { type Limit, limitOf } from './limit.ts'

/** One look at the connections, on a clock that only grows. */
export type FlowsLook = { readonly monotonicMs: number; readonly samples: readonly FlowSample[] }

/** A connection with what the look before adds to it. */
export type KnownFlow = {
  readonly sample: FlowSample
  readonly limit: Limit | null
  readonly upBitsPerSecond: number | null
  readonly downBitsPerSecond: number | null
}

const keyOf = ({ local, remote, congestionControl }: FlowSample): string =>
  `${congestionControl === 'udp' ? 'udp ' : ''}${local} ${remote}`

/** The subflows of a Multipath TCP connection bear one token. */
const connectionOf = (sample: FlowSample): string =>
  sample.mptcpToken === null ? keyOf(sample) : `mptcp ${sample.mptcpToken}`

/** The same ends may be another connection: one whose counters went back has begun since. */
const isSame = (before: FlowSample, now: FlowSample): boolean =>
  before.bytesSent <= now.bytesSent && before.bytesReceived <= now.bytesReceived && before.busyMs <= now.busyMs

const rate = (bytes: number, ms: number): number => Math.round((bytes * 8 * 1000) / ms)

/** Joins two looks. A connection that was not there at the one before has moved all its bytes since. Pure. */
export const joinLooks = (before: FlowsLook | null, now: FlowsLook): KnownFlow[] => {
  const elapsedMs = before === null ? 0 : now.monotonicMs - before.monotonicMs
  const earlier = new Map(before?.samples.map((sample) => [keyOf(sample), sample]))
  return now.samples.map((sample) => {
    const found = earlier.get(keyOf(sample))
    const was = found !== undefined && isSame(found, sample) ? found : null
    const limit = limitOf(was, sample, was === null ? null : elapsedMs)
    if (elapsedMs <= 0) return { sample, limit, upBitsPerSecond: null, downBitsPerSecond: null }
    return {
      sample,
      limit,
      upBitsPerSecond: rate(sample.bytesSent - (was?.bytesSent ?? 0), elapsedMs),
      downBitsPerSecond: rate(sample.bytesReceived - (was?.bytesReceived ?? 0), elapsedMs),
    }
  })
}

const bytesOf = ({ bytesSent, bytesReceived }: FlowSample): number => bytesSent + bytesReceived

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const grouped = (flows: readonly KnownFlow[]): Map<string, KnownFlow[]> =>
  Map.groupBy(flows, ({ sample }) => connectionOf(sample))

/** As the contract tells them. A subflow is an elephant's when its whole connection is one. Pure. */
export const tellFlows = (flows: readonly KnownFlow[], elephantBytes: number): Flow[] => {
  const connections = grouped(flows)
  return flows.map(({ sample, limit, upBitsPerSecond, downBitsPerSecond }) => {
    const whole = connections.get(connectionOf(sample)) ?? []
    return {
      ...sample,
      tunnel: sample.tunnel === null ? null : slotOfLane(sample.tunnel),
      upBitsPerSecond,
      downBitsPerSecond,
      isElephant: sum(whole.map((flow) => bytesOf(flow.sample))) >= elephantBytes,
      limitedBy: limit?.sentence ?? null,
    }
  })
}

const isRelays = ({ remote }: FlowSample): boolean => remote.endsWith(`:${OURS.relayPort}`)

/** Where the relay carries a connection for an application, the relay's own is counted. */
const isCounted = (sample: FlowSample, hasRelay: boolean): boolean =>
  !hasRelay || sample.tunnel !== null || sample.mptcpToken !== null || isRelays(sample)

/** Held back at its own end: a wider path would not help. */
const isHeldBack = ({ limit }: KnownFlow): boolean =>
  limit !== null && (limit.by === 'application' || limit.by === 'receiver' || limit.by === 'send-buffer')

/** As the autoscaler sees them: one a connection, each counted once. Pure. */
export const seeFlows = (flows: readonly KnownFlow[], hasRelay: boolean): FlowSeen[] => {
  const counted = flows.filter(({ sample }) => isCounted(sample, hasRelay))
  return [...grouped(counted)].map(([id, parts]) => {
    const directions = (['upBitsPerSecond', 'downBitsPerSecond'] as const).map((way) => parts.map((part) => part[way]))
    const known = directions.every((rates) => rates.every((each) => each !== null))
    return {
      id,
      bytes: sum(parts.map(({ sample }) => bytesOf(sample))),
      bitsPerSecond: known ? Math.max(...directions.map((rates) => sum(rates.map((each) => each ?? 0)))) : null,
      spreads: parts.some(({ sample }) => sample.mptcpToken !== null),
      heldBack: parts.every(isHeldBack),
    }
  })
}
