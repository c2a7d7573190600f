import type { MeasureEvent, MeasureRequest } from '../../contract/probe.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbePart } from '../../domain/probe/request.ts'
import type { Clock } from '../clock.ts'
import { heard } from './heard.ts'
import { begun, ended } from './part-states.ts'
import type { RegionEndpoint } from './region-endpoints.ts'
import type { Measure, Place } from './run-measurement.ts'
import type { OpenedTarget } from './targets/target.ts'

/** Round trips to the target, and knocks at each region's door. */
const ECHOES = 20
const REGION_SAMPLES = 5
/** Where only the round trip is asked for: the least that every host takes (RFC 791), so that nothing is searched. */
const LEAST_RUNG = 576
/** IPv4 and UDP headers. */
const UDP_OVERHEAD = 28
/** IPv4 and TCP headers, without options: what a maximum segment size leaves out (RFC 9293). */
const TCP_OVERHEAD = 40
/** The IPv6 minimum (RFC 8200): it passes everywhere, so it is what is sent where nothing else is known. */
const SAFE_MTU = 1280

export type Performance = {
  readonly measure: Measure
  readonly clock: Clock
  report(): ProbeReport
  set(report: ProbeReport): void
  /** What was found is worth keeping now. */
  save(): void
}

/** Runs one request and puts what it says into the report. */
const take = async (
  { measure, clock, report, set }: Performance,
  asked: { readonly place: Place; readonly parts: readonly ProbePart[]; readonly request: MeasureRequest },
  signal: AbortSignal,
): Promise<void> => {
  set(begun(report(), asked.parts, clock.wallMs()))
  const hear = (event: MeasureEvent): void => {
    if (!signal.aborted) set(heard(report(), asked.parts, event))
  }
  await measure(asked.place, asked.request, hear, signal)
}

/** A part is over: what it has found outlives this engine. */
const finish = ({ clock, report, set, save }: Performance, name: ProbePart): void => {
  set(ended(report(), name, clock.wallMs()))
  save()
}

const isOpen = (report: ProbeReport, name: ProbePart): boolean => ['waiting', 'running'].includes(report[name].state)

/** Knocks at the regions, always from this machine. */
export const takeRegions = async (
  performance: Performance,
  endpoints: readonly RegionEndpoint[],
  signal: AbortSignal,
): Promise<void> => {
  if (endpoints.length === 0 || !isOpen(performance.report(), 'latency')) return
  const request: MeasureRequest = { do: 'regions', endpoints: [...endpoints], samples: REGION_SAMPLES }
  await take(performance, { place: 'here', parts: ['latency'], request }, signal)
}

const takeInterface = async (performance: Performance, target: OpenedTarget, signal: AbortSignal): Promise<void> => {
  if (!isOpen(performance.report(), 'interface')) return
  const request = { do: 'interface', towards: target.host } as const
  await take(performance, { place: target.place, parts: ['interface'], request }, signal)
  finish(performance, 'interface')
}

const takePath = async (performance: Performance, target: OpenedTarget, signal: AbortSignal): Promise<void> => {
  const report = performance.report()
  const parts = (['mtu', 'latency'] as const).filter((name) => isOpen(report, name))
  if (target.host === null || parts.length === 0) return
  const request = {
    do: 'path',
    host: target.host,
    echoPort: target.echoPort,
    tcpPort: target.iperf3Port,
    rungs: parts.includes('mtu') ? report.request.mtuRungs : [LEAST_RUNG],
    echoes: ECHOES,
  } as const
  await take(performance, { place: target.place, parts, request }, signal)
  finish(performance, 'mtu')
}

const takeBandwidth = async (performance: Performance, target: OpenedTarget, signal: AbortSignal): Promise<void> => {
  const report = performance.report()
  if (target.host === null || !isOpen(report, 'bandwidth')) return
  const { streams, directions, seconds, udp, sourceFile } = report.request
  const mtu = report.mtu.result
  const request = {
    do: 'bandwidth',
    host: target.host,
    iperf3Port: target.iperf3Port,
    streams,
    directions,
    seconds,
    udp,
    udpPayloadBytes: (mtu?.mtuBytes.value ?? SAFE_MTU) - UDP_OVERHEAD,
    maximumSegmentBytes: mtu?.blackHole === true ? mtu.mtuBytes.value - TCP_OVERHEAD : null,
    sourceFile: sourceFile ?? target.sourceFile,
  } as const
  await take(performance, { place: target.place, parts: ['bandwidth'], request }, signal)
  finish(performance, 'bandwidth')
}

/** Measures part by part; transfers only when nothing else is going on that they would disturb. */
export const takeParts = async (
  performance: Performance,
  target: OpenedTarget,
  regions: Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  await takeInterface(performance, target, signal)
  await takePath(performance, target, signal)
  await regions
  finish(performance, 'latency')
  await takeBandwidth(performance, target, signal)
}
