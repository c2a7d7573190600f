import type { PartProblem } from '../../../domain/probe/report.ts'
import { explainFailure } from './iperf-problem.ts'
import type { Parts } from './measure-tcp.ts'
import { pause } from './run-client.ts'
import { nextUdpRate, type UdpRate } from './udp-ladder.ts'
import { runUdpStep, type StepOutcome } from './udp-step.ts'

/** Where no run of TCP tells what to begin with. */
const GUESS_BITS_PER_SECOND = 100e6
const STEP_SECONDS = 2
/** Its hello may be lost, and a server that has just lost a test may say that it is busy. */
const MOST_TRIES = 3
const PAUSE_MS = 500

const nothingThrough = (host: string, port: number): PartProblem => ({
  message: `UDP does not get through to ${host}, port ${port}.`,
  meaning: 'iperf3 can be reached by TCP there, and its UDP is not answered: a firewall on the way drops it.',
  nextStep: `Let UDP port ${port} through, both ways.`,
})

const isBusy = ({ complaint }: StepOutcome): boolean => /server is busy/.test(complaint ?? '')

/** A step, and whether a try of it met silence: a server waits for the lost hello, too, and tells the next try that it is busy. */
type Attempt = StepOutcome & { readonly metSilence: boolean }

/** Three digits of a small rate; a large one in whole Mbit/s. Pure. */
export const describeRate = ({ flows, bitsPerSecondOfFlow }: UdpRate): string => {
  const megabits = (flows * bitsPerSecondOfFlow) / 1e6
  const rate = `${megabits < 100 ? megabits.toPrecision(3) : megabits.toFixed(0)} Mbit/s`
  return flows === 1 ? `UDP at ${rate}` : `UDP at ${rate} in ${flows} flows`
}

const attempt = async ({ context, server, request, tally, version }: Parts, rate: UdpRate): Promise<Attempt> => {
  // Uploads, where they are asked for at all: only this end's sender is known.
  const direction = request.directions.includes('upload') ? 'upload' : 'download'
  const plan = { ...rate, direction, payloadBytes: request.udpPayloadBytes } as const
  let metSilence = false
  for (let tries = 1; ; tries += 1) {
    tally.begin()
    const outcome = await runUdpStep(context, server, plan, version)
    metSilence ||= !outcome.hasStarted && !isBusy(outcome)
    if (outcome.hasStarted || tries === MOST_TRIES) return { ...outcome, metSilence }
    await pause(PAUSE_MS, context.signal)
  }
}

/** Sends UDP at rising rates: what is policed loses at a rate of its own, whatever TCP reaches. */
export const measureUdp = async (parts: Parts): Promise<void> => {
  const { context, request, tally, progress } = parts
  const { host, iperf3Port, udpPayloadBytes, seconds } = request
  const direction = request.directions.includes('upload') ? 'upload' : 'download'
  const basis = {
    tcpBitsPerSecond: tally.bestTcp(direction) ?? GUESS_BITS_PER_SECOND,
    stepSeconds: Math.min(STEP_SECONDS, seconds),
    payloadBytes: udpPayloadBytes,
  }
  for (;;) {
    const rate = nextUdpRate(basis, tally.steps())
    if (rate === null) return
    progress.begin(describeRate(rate), rate.seconds)
    const { step, complaint, hasStarted, metSilence } = await attempt(parts, rate)
    if (step !== null) tally.take({ step })
    if (complaint === null && step !== null) continue
    const problem =
      metSilence && !hasStarted
        ? nothingThrough(host, iperf3Port)
        : explainFailure(complaint ?? 'it told no totals', host, iperf3Port).problem
    context.emit({ kind: 'problem', of: 'UDP', problem })
    return
  }
}
