import { renderBitRate, renderUsd } from '../planner/figures.ts'
import type { Analysis, Bottleneck, BottleneckName, Recommendation } from './analysis.ts'
import type { Source } from './figure.ts'
import type { MtuResult, RoundTrips, Rung } from './path.ts'
import type { ProbeReport } from './report.ts'
import type { ProbePart } from './request.ts'

/*
 * How figures and what they come from are said, the same in the panel, on the command line and in the HTML report.
 */

export const PART_NAMES: Readonly<Record<ProbePart, string>> = {
  interface: 'This host',
  mtu: 'Path MTU',
  latency: 'Latency',
  bandwidth: 'Bandwidth',
}

export const PART_STATES: Readonly<Record<ProbeReport['mtu']['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  'left-out': 'left out',
  cancelled: 'cancelled',
}

export const BOTTLENECK_NAMES: Readonly<Record<BottleneckName, string>> = {
  application: 'application or disk',
  'sender-cpu': "sender's processor",
  'receiver-cpu': "receiver's processor",
  interface: 'network interface',
  'send-buffer': 'send buffer',
  'receiver-window': "receiver's window",
  loss: 'loss',
  'flow-policing': 'a limit for each flow',
  'path-capacity': 'capacity of the path',
  'far-end': 'the far end',
  'burst-credit': 'credit for bursts',
  unknown: 'unknown',
}

/** `30.2 ms`, `0.18 ms` */
export const renderMs = (ms: number): string => `${ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`

/** `1.3 %` */
export const renderRatio = (ratio: number): string => `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.1 ? 2 : 0)} %`

/** `6.0 MiB`, `512 KiB` */
export const renderSize = (bytes: number): string => {
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(bytes >= 100 * 2 ** 20 ? 0 : 1)} MiB`
  return bytes >= 1024 ? `${(bytes / 1024).toFixed(0)} KiB` : `${bytes} bytes`
}

/** `2026-11-21 20:33:15 UTC` */
export const renderTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** `measured 2026-11-21 20:33:15 UTC by iperf3 3.12: 8 TCP streams` */
export const renderSource = ({ kind, how, tool, version, atMs }: Source): string =>
  `${kind} ${renderTime(atMs)} by ${tool}${version === null ? '' : ` ${version}`}: ${how}`

const BY: Readonly<Record<RoundTrips['by'], string>> = {
  udp: 'UDP echoes',
  icmp: 'ICMP echoes',
  tcp: 'TCP connections',
}

/** What became of a packet size: `too big, says the path`. */
export const describeRung = ({ outcome, saidBy, sent, answered }: Rung): string => {
  if (outcome === 'passed') return `passed (${answered} of ${sent} answered)`
  if (outcome === 'lost') return `lost (none of ${sent} answered)`
  return saidBy === 'this-host' ? 'too big, says this host' : 'too big, says the path'
}

/** What ends the search for the path MTU, as one sentence. */
export const describeMtu = (mtu: MtuResult): string => {
  const bytes = mtu.mtuBytes.value
  if (mtu.limitedBy === 'interface') return `${bytes} bytes pass; this host's own interface takes no larger ones.`
  if (mtu.limitedBy === 'ladder') return `${bytes} bytes pass, the largest that were to be tried.`
  if (!mtu.blackHole) return `${bytes} bytes pass; the path says that larger ones are too big.`
  const said = mtu.saidBytes === null || mtu.saidBytes <= bytes ? '' : `, although the path speaks of ${mtu.saidBytes}`
  return `${bytes} bytes pass; larger packets vanish without a word (a black hole)${said}.`
}

/** `median 30.2 ms, 30.1 ms at least, 95 % within 31.0 ms, jitter 0.21 ms; 10 of 10 UDP echoes answered` */
export const describeTrips = ({ by, sent, answered, minMs, medianMs, p95Ms, jitterMs }: RoundTrips): string =>
  `median ${renderMs(medianMs.value)}, ${renderMs(minMs.value)} at least, 95 % within ${renderMs(p95Ms.value)}, jitter ${renderMs(jitterMs.value)}; ${answered} of ${sent} ${BY[by]} answered`

const DIRECTION_NAMES = { upload: 'upload', download: 'download' } as const

/** `capacity of the path (upload, high confidence)` */
export const describeBottleneck = ({ name, direction, confidence }: Bottleneck): string =>
  name === 'unknown'
    ? `unknown (${DIRECTION_NAMES[direction]})`
    : `${BOTTLENECK_NAMES[name]} (${DIRECTION_NAMES[direction]}, ${confidence} confidence)`

/** A piece of advice with its name and its value as text. */
export type AdviceLine = {
  readonly field: keyof Recommendation
  readonly name: string
  readonly value: string
  readonly reason: string
  readonly key: string | null
}

const bastionText = ({ instanceType, bastions, usdPerHour }: NonNullable<Recommendation['bastion']>['value']): string =>
  `${bastions} × ${instanceType}${usdPerHour === null ? '' : `, ${renderUsd(usdPerHour)} an hour`}`

const onOrOff = (value: boolean): string => (value ? 'on' : 'off')

/** The recommendation line by line; what there is no advice on is left out. */
export const describeRecommendation = (recommendation: Recommendation): AdviceLine[] => {
  const { innerMtuBytes, tunnels, streams, mptcp, congestionControl, bufferBytes, pinning, bastion } = recommendation
  const line = <Value>(
    field: keyof Recommendation,
    name: string,
    advice: { value: Value; reason: string; key: string | null } | null,
    text: (value: Value) => string,
  ): AdviceLine[] =>
    advice === null ? [] : [{ field, name, value: text(advice.value), reason: advice.reason, key: advice.key }]
  return [
    ...line('innerMtuBytes', 'MTU inside the tunnels', innerMtuBytes, (value) => `${value} bytes`),
    ...line('tunnels', 'Tunnels', tunnels, String),
    ...line('streams', 'Parallel streams', streams, String),
    ...line('mptcp', 'Multipath TCP', mptcp, onOrOff),
    ...line('congestionControl', 'Congestion control', congestionControl, String),
    ...line('bufferBytes', 'Largest socket buffers', bufferBytes, renderSize),
    ...line('pinning', 'Pinning of tunnels to cores', pinning, onOrOff),
    ...line('bastion', 'Bastions', bastion, bastionText),
  ]
}

/** A figure of the analysis with its name and source; what could not be told is left out. */
export type FigureLine = { readonly name: string; readonly value: string; readonly from: Source }

/** What the path carries, as the analysis has it. */
export const describeAnalysis = ({
  pathBitsPerSecond,
  flowBitsPerSecond,
  lossRatio,
  curves,
}: Analysis): FigureLine[] => [
  ...(pathBitsPerSecond === null
    ? []
    : [{ name: 'Rate of the path', value: renderBitRate(pathBitsPerSecond.value), from: pathBitsPerSecond.from }]),
  ...(flowBitsPerSecond === null
    ? []
    : [{ name: 'Rate of one flow', value: renderBitRate(flowBitsPerSecond.value), from: flowBitsPerSecond.from }]),
  ...(lossRatio === null ? [] : [{ name: 'Loss', value: renderRatio(lossRatio.value), from: lossRatio.from }]),
  ...curves.flatMap(({ direction, plateauBitsPerSecond: plateau, enoughStreams }) => [
    { name: `Plateau over streams, ${direction}`, value: renderBitRate(plateau.value), from: plateau.from },
    { name: `Enough streams, ${direction}`, value: String(enoughStreams.value), from: enoughStreams.from },
  ]),
]
