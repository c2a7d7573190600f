import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { parseNetwork, tunnelAddresses } from '../../domain/addressing.ts'
import { laneNumber } from '../../domain/ours.ts'
import { slotsOf } from '../../domain/tunnel-plan.ts'
import { MEASURE_PORT } from '../cloud/bastion/boot-script.ts'
import { findProgram } from '../doctor/programs.ts'
import { executeWithin, type Outcome } from '../run.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'

/** The end of `iperf3 --json`: what the other end received, of all streams. */
const Report = z.object({ end: z.object({ sum_received: z.object({ bits_per_second: z.number() }) }) })

/** What iperf3 takes beyond the time asked for: connecting, and exchanging results. */
const OVERTIME_MS = 15_000
const MS_PER_SECOND = 1000
const STREAMS = 2

/** Both ends of every tunnel that carries, inside it: a bastion has ends for more tunnels than the plan may use. Pure. */
export const measuredEnds = (record: DeploymentRecord): { readonly host: string; readonly bastion: string }[] => {
  const base = parseNetwork(record.plan.baseCidr)
  if (base === null) return []
  const planned = slotsOf(record.plan)
  return endsOf(record)
    .filter(({ slot, role }) => role === 'carrying' && planned.includes(slot))
    .map(({ slot, lane }) => tunnelAddresses(base, laneNumber(slot, lane)))
}

/** The client's arguments. Pure. */
export const clientArguments = (ends: { host: string; bastion: string }, seconds: number): string[] => [
  '--client',
  ends.bastion,
  '--bind',
  ends.host,
  '--port',
  String(MEASURE_PORT),
  '--parallel',
  String(STREAMS),
  '--time',
  String(seconds),
  '--connect-timeout',
  '5000',
  '--json',
]

/** Where iperf3 is. @throws MoleError `missing-program` saying how to get it. */
export const findIperf = async (): Promise<string> => {
  const path = await findProgram('iperf3')
  if (path !== null) return path
  throw new MoleError('missing-program', 'The program "iperf3" is not installed.', {
    field: 'iperf3',
    meaning: 'Without it goodput cannot be measured, and nothing is tried unmeasured.',
    nextStep: 'Install the package "iperf3" (apt-get install iperf3) and try again.',
  })
}

const notAnswered = (bastion: string, said: string): MoleError =>
  new MoleError('not-available', `The bastion's end of a tunnel (${bastion}) could not be measured: ${said}`, {
    field: 'iperf3',
    meaning: 'Nothing is tried unmeasured; what was tried is taken back.',
    nextStep: `Bastions install iperf3 when they boot, and listen on TCP ${MEASURE_PORT} of each tunnel. Where that failed, "mole down" and "mole up" again.`,
  })

/** What a client's output says, in bits per second. @throws MoleError `not-available`. Pure. */
export const readReport = ({ ok, output }: Outcome, bastion: string): number => {
  let json: unknown = null
  try {
    json = JSON.parse(output)
  } catch {
    // It died before it reported: what it said is in the output.
  }
  const report = Report.safeParse(json)
  if (ok && report.success) return report.data.end.sum_received.bits_per_second
  const said = z.object({ error: z.string() }).safeParse(json).data?.error ?? output.split('\n')[0] ?? ''
  throw notAnswered(bastion, said.slice(0, 200))
}

/** Goodput to all bastions at once, over every tunnel that carries; bits per second. @throws MoleError. */
export const measureBastions = async (
  record: DeploymentRecord,
  seconds: number,
  signal: AbortSignal,
): Promise<number> => {
  const path = await findIperf()
  const figures = measuredEnds(record).map(async (ends) => {
    const limitMs = seconds * MS_PER_SECOND + OVERTIME_MS
    const outcome = await executeWithin(path, clientArguments(ends, seconds), limitMs, signal)
    signal.throwIfAborted()
    return readReport(outcome, ends.bastion)
  })
  return (await Promise.all(figures)).reduce((sum, figure) => sum + figure, 0)
}
