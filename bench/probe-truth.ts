import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ProbeReport } from '../domain/probe/report.ts'
import type { ProbeRequest } from '../domain/probe/request.ts'
import { bestGoodput } from '../domain/probe/summarise.ts'
import { openLabEngine } from '../engine/testing/lab-engine.ts'
import { median, printRow, printTable } from './statistics.ts'
import { PROBE_CASES, type ProbeCase, type RateName } from './support/probe-cases.ts'
import type { Engine } from './with-engine.ts'

/**
 * What the probe says of paths whose truth is known, against that truth: a row for each case, then how long a quick probe takes,
 * and how soon a cancelled one is gone. `node bench/probe-truth.ts [--only TEXT] [--runs N] [--seconds N] [--reports DIR]`.
 * Ends with 1 when a row is not true.
 */
const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '5' },
    streams: { type: 'string', default: '1,2,4,8' },
    directions: { type: 'string', default: 'upload' },
    reports: { type: 'string' },
    'no-times': { type: 'boolean', default: false },
  },
})
const RUNS = Number(asked.runs)
const CASES = PROBE_CASES.filter(({ name }) => name.includes(asked.only))
// Nothing compared is nothing true.
if (!(RUNS >= 1) || CASES.length === 0) throw new Error('--runs takes a number from 1 on, and --only a part of a name')

const requestOf = (condition: ProbeCase['condition'], more: Partial<ProbeRequest> = {}) => ({
  target: { kind: 'lab' as const, site: condition },
  regions: [],
  streams: asked.streams.split(',').map(Number),
  seconds: Number(asked.seconds),
  directions: asked.directions.split(',') as ('upload' | 'download')[],
  ...more,
})

/** Follows the probe that runs until `isEnough`. */
const follow = async (engine: Engine, id: string, isEnough: (report: ProbeReport) => boolean): Promise<ProbeReport> => {
  for await (const report of engine.stream('probe.watch', {}))
    if (report?.id === id && (report.state !== 'running' || isEnough(report))) return report
  throw new Error('the engine went away')
}

const probe = async (
  engine: Engine,
  condition: ProbeCase['condition'],
  more: Partial<ProbeRequest> = {},
): Promise<ProbeReport> => {
  const { id } = await engine.call('probe.start', requestOf(condition, more))
  return follow(engine, id, () => false)
}

/** What one probe found of what is known; `NaN` where it found nothing. */
type Found = {
  readonly mtuBytes: number
  readonly rttMs: number
  readonly rates: Readonly<Record<RateName, number>>
  readonly bottleneck: string
}

const foundIn = (report: ProbeReport): Found => ({
  mtuBytes: report.mtu.result?.mtuBytes.value ?? Number.NaN,
  rttMs: report.latency.result?.target?.medianMs.value ?? Number.NaN,
  rates: {
    path: report.analysis?.pathBitsPerSecond?.value ?? Number.NaN,
    flow: report.analysis?.flowBitsPerSecond?.value ?? Number.NaN,
    goodput: bestGoodput(report) ?? Number.NaN,
  },
  bottleneck: report.analysis?.bottlenecks[0]?.name ?? 'none',
})

const RATE_TOLERANCE = 0.1
const RTT_TOLERANCE = { ms: 2, ratio: 0.1 } as const

const ratesOf = ({ rates }: ProbeCase): [RateName, number][] => Object.entries(rates) as [RateName, number][]

/** What is not as it is known to be. */
const wrongIn = (truth: ProbeCase, found: Found): string[] => {
  const rttError = Math.abs(found.rttMs - truth.delayMs)
  const isRttRight = rttError <= RTT_TOLERANCE.ms || rttError <= RTT_TOLERANCE.ratio * truth.delayMs
  const wrongRates = ratesOf(truth).filter(
    ([name, rate]) => !(Math.abs(found.rates[name] / rate - 1) <= RATE_TOLERANCE),
  )
  return [
    ...(found.mtuBytes === truth.mtuBytes ? [] : ['MTU']),
    ...(isRttRight ? [] : ['RTT']),
    ...wrongRates.map(([name]) => `rate of ${name}`),
    ...(found.bottleneck === truth.bottleneck ? [] : ['bottleneck']),
  ]
}

const mbit = (bitsPerSecond: number): string => (bitsPerSecond / 1e6).toFixed(1)

const problemsOf = (report: ProbeReport): string[] =>
  [report.problem, report.mtu.problem, report.latency.problem, report.bandwidth.problem].flatMap((problem) =>
    problem === null ? [] : [problem.message],
  )

const tellRun = (truth: ProbeCase, report: ProbeReport, found: Found): void => {
  const runs = report.bandwidth.result?.runs ?? []
  const udp = report.bandwidth.result?.udp ?? []
  console.error(`${truth.name}: ${JSON.stringify(found)} ${problemsOf(report).join(' ')}`)
  console.error(
    `  tcp ${runs.map((run) => `${run.direction[0]}${run.streams}: ${mbit(run.goodputBitsPerSecond.value)}`).join(', ')}`,
  )
  console.error(
    `  udp ${udp.map((step) => `${step.flows}×: ${mbit(step.offeredBitsPerSecond)} → ${mbit(step.receivedBitsPerSecond.value)} (${(step.lossRatio * 100).toFixed(1)} %)`).join(', ')}`,
  )
  for (const { name, direction, confidence, sentence, evidence } of report.analysis?.bottlenecks ?? [])
    console.error(`  ${name} (${direction}, ${confidence}): ${sentence} [${evidence.join('; ')}]`)
}

if (asked.reports !== undefined) mkdirSync(asked.reports, { recursive: true })

const measure = async (engine: Engine, truth: ProbeCase): Promise<Found> => {
  const found: Found[] = []
  for (let run = 1; run <= RUNS; run += 1) {
    const report = await probe(engine, truth.condition)
    const each = foundIn(report)
    if (asked.reports !== undefined)
      writeFileSync(
        `${asked.reports}/${truth.name.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${run}.json`,
        JSON.stringify(report, null, 1),
      )
    tellRun(truth, report, each)
    found.push(each)
  }
  // Exact or not at all, and in every run: there is no middle of sizes and names.
  const odd = found.find((each) => wrongIn(truth, each).some((what) => what === 'MTU' || what === 'bottleneck'))
  return {
    mtuBytes: (odd ?? found[0])?.mtuBytes ?? Number.NaN,
    bottleneck: (odd ?? found[0])?.bottleneck ?? 'none',
    rttMs: median(found.map(({ rttMs }) => rttMs)),
    rates: {
      path: median(found.map(({ rates }) => rates.path)),
      flow: median(found.map(({ rates }) => rates.flow)),
      goodput: median(found.map(({ rates }) => rates.goodput)),
    },
  }
}

const RATE_NAMES = { path: 'path', flow: 'each flow', goodput: 'goodput' } as const

const rowOf = (truth: ProbeCase, found: Found): (string | number)[] => {
  const wrong = wrongIn(truth, found)
  const rates = ratesOf(truth).map(([name, rate]) => {
    if (!Number.isFinite(found.rates[name])) return `${RATE_NAMES[name]} not told, ${mbit(rate)}`
    const error = 100 * (found.rates[name] / rate - 1)
    const difference = `${error < 0 ? '−' : '+'}${Math.abs(error).toFixed(1)} %`
    return `${RATE_NAMES[name]} ${mbit(found.rates[name])} of ${mbit(rate)} (${difference})`
  })
  return [
    truth.name,
    `${found.mtuBytes} of ${truth.mtuBytes}`,
    rates.join('; '),
    `${found.rttMs.toFixed(1)} of ${truth.delayMs}`,
    found.bottleneck === truth.bottleneck ? found.bottleneck : `${found.bottleneck}, not ${truth.bottleneck}`,
    wrong.length === 0 ? 'yes' : `no: ${wrong.join(', ')}`,
  ]
}

/** Processes of ours that measure, wherever they are. */
const measuring = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^[0-9]+$/.test(pid)) return false
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return argv.includes('measure') || (argv.some((word) => word.endsWith('iperf3')) && argv.includes('--client'))
    } catch {
      return false
    }
  })

/** Milliseconds from asking to the answer, and how many processes were left then. */
const cancelWhile = async (engine: Engine, isThen: (report: ProbeReport) => boolean): Promise<[number, number]> => {
  const before = new Set(measuring())
  const { id } = await engine.call('probe.start', requestOf(PROBE_CASES[0]?.condition ?? ({} as never)))
  await follow(engine, id, isThen)
  const atMs = performance.now()
  await engine.call('probe.cancel', {})
  return [performance.now() - atMs, measuring().filter((pid) => !before.has(pid)).length]
}

const QUICK: Partial<ProbeRequest> = { parts: ['interface', 'mtu', 'latency'] }

const quickTime = async (engine: Engine, truth: ProbeCase): Promise<number> => {
  const { startedAtMs, endedAtMs } = await probe(engine, truth.condition, QUICK)
  return (endedAtMs ?? Number.NaN) - startedAtMs
}

const QUICK_LIMIT_MS = 10_000
const CANCEL_LIMIT_MS = 1000

const times = async (engine: Engine): Promise<boolean> => {
  const quick: number[] = []
  for (const truth of PROBE_CASES) quick.push(await quickTime(engine, truth))
  const moments: [string, (report: ProbeReport) => boolean][] = [
    ['the lab is being made', () => true],
    ['packet sizes are tried', ({ mtu }) => (mtu.result?.rungs.length ?? 0) > 0 || mtu.progressRatio > 0],
    ['TCP is being measured', ({ bandwidth }) => bandwidth.state === 'running' && bandwidth.progressRatio > 0.05],
    ['UDP is being measured', ({ bandwidth }) => (bandwidth.result?.udp.length ?? 0) > 0],
  ]
  const cancelled: [string, number, number][] = []
  for (const [name, isThen] of moments) cancelled.push([name, ...(await cancelWhile(engine, isThen))])
  console.log(
    `\nQuick probes of all cases (interface, MTU, latency; without regions): median ${(median(quick) / 1000).toFixed(1)} s, longest ${(Math.max(...quick) / 1000).toFixed(1)} s.\n`,
  )
  printTable(
    ['cancelled while', 'answer after, ms', 'processes left'],
    cancelled.map(([name, ms, left]) => [name, ms.toFixed(0), left]),
  )
  return Math.max(...quick) < QUICK_LIMIT_MS && cancelled.every(([, ms, left]) => ms < CANCEL_LIMIT_MS && left === 0)
}

const { engine, close } = await openLabEngine()
try {
  const rows: (string | number)[][] = []
  printTable(['the truth', 'MTU, bytes', 'rate, Mbit/s', 'round trip, ms', 'bottleneck', 'true'], [])
  for (const truth of CASES) {
    const row = rowOf(truth, await measure(engine, truth))
    printRow(row)
    rows.push(row)
  }
  const areTimesRight = asked['no-times'] || (await times(engine))
  if (!areTimesRight || rows.some((row) => row.at(-1) !== 'yes')) process.exitCode = 1
} finally {
  await close()
}
