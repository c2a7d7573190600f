import type { UdpStep } from '../../../domain/probe/bandwidth.ts'
import { isServerOutput, parseUdpTotal, type UdpTotal } from '../../iperf/iperf-output.ts'
import type { MeasureContext } from '../context.ts'
import { figure, measured } from '../source.ts'
import { type Server, type UdpPlan, udpArguments } from './client-arguments.ts'
import { type ClientEnd, runClient } from './run-client.ts'

/**
 * Until it tells that data flows, which it does with the first second's figures. It says hello by a datagram of each flow,
 * once: if that is lost it waits in vain.
 */
const START_LIMIT_MS = 5000
const OVERTIME_MS = 6000
/** So long a datagram may be on its way, in a full queue: one that was sent in this time before the end is not lost. */
const ON_ITS_WAY_SECONDS = 0.3

/** Share of the datagrams sent that did not arrive. Pure. */
export const lossOf = (sent: UdpTotal, received: UdpTotal): number => {
  if (sent.datagrams === 0) return 0
  const onTheirWay = (sent.datagrams / sent.seconds) * ON_ITS_WAY_SECONDS
  const vanished = Math.max(0, sent.datagrams - received.datagrams - onTheirWay)
  return Math.min(1, (received.lost + vanished) / sent.datagrams)
}

/** Puts a step together from iperf3's output; `null` when it told no totals. */
export const tellStep = (plan: UdpPlan, lines: readonly string[], version: string): UdpStep | null => {
  const { direction, flows, bitsPerSecondOfFlow, seconds, payloadBytes } = plan
  const farEnd = lines.findIndex(isServerOutput)
  const totals = (farEnd < 0 ? lines : lines.slice(0, farEnd)).flatMap((line) => parseUdpTotal(line, flows) ?? [])
  const sent = totals.find(({ end }) => end === 'sender')
  const received = totals.find(({ end }) => end === 'receiver')
  if (sent === undefined || received === undefined) return null
  const how = `UDP ${direction}, ${flows === 1 ? '1 flow' : `${flows} flows`} of ${payloadBytes}-byte payloads for ${seconds} s; payload the receiver counted`
  return {
    direction,
    flows,
    payloadBytes,
    offeredBitsPerSecond: bitsPerSecondOfFlow * flows,
    receivedBitsPerSecond: figure(received.bitsPerSecond, measured(how, { tool: 'iperf3', version })),
    lossRatio: lossOf(sent, received),
    jitterMs: received.datagrams > 0 ? received.jitterMs : null,
  }
}

export type StepOutcome = ClientEnd & { readonly step: UdpStep | null }

/** Sends UDP at one rate. @throws MoleError `missing-program`, `cancelled`. */
export const runUdpStep = async (
  context: MeasureContext,
  server: Server,
  plan: UdpPlan,
  version: string,
): Promise<StepOutcome> => {
  const lines: string[] = []
  const end = await runClient(context, {
    argv: udpArguments(server, plan),
    startLimitMs: START_LIMIT_MS,
    runLimitMs: plan.seconds * 1000 + OVERTIME_MS,
    onStart: () => undefined,
    onLine: (line) => void lines.push(line),
  })
  return { ...end, step: tellStep(plan, lines, version) }
}
