import type { TelemetrySample, TrafficState } from '../contract/app.ts'
import { median, printTable } from './statistics.ts'
import { deploy, type Engine, tearDown, withEngine } from './with-engine.ts'

/**
 * What 8 streams over 4 shaped tunnels carry against one stream over one tunnel, and how far the goodput we show
 * is from iperf3's own report. `node bench/goodput.ts [pairs]`: the two are measured in turn.
 */
const PAIRS = Number(process.argv[2] ?? 3)
const SECONDS = 8

type Measured = { readonly iperfBitsPerSecond: number; readonly shownBitsPerSecond: number; readonly tool: string }

const upRate = ({ tunnels }: TelemetrySample): number =>
  tunnels.reduce((sum, tunnel) => sum + tunnel.upBitsPerSecond, 0)

/** The report of a run that has begun. */
const awaitReport = async (engine: Engine): Promise<NonNullable<TrafficState['report']>> => {
  for await (const state of engine.stream('traffic.watch', {})) {
    if (state.problem !== null) throw new Error(JSON.stringify(state.problem))
    if (!state.running && state.report !== null) return state.report
  }
  throw new Error('the engine went away')
}

/** Means of the samples that lie wholly inside the run: its first and last second are only partly traffic. */
const shownRate = async (engine: Engine, fromMs: number, toMs: number): Promise<number> => {
  for await (const event of engine.stream('telemetry.watch', { historySeconds: 60 })) {
    if (event.kind !== 'history') continue
    const inside = event.samples.filter(({ atMs }) => atMs > fromMs + 1500 && atMs < toMs - 500)
    return inside.reduce((sum, sample) => sum + upRate(sample), 0) / inside.length
  }
  throw new Error('the engine went away')
}

const measure = async (engine: Engine, tunnels: number, streams: number): Promise<Measured> => {
  await deploy(engine, tunnels)
  const startedAtMs = Date.now()
  await engine.call('traffic.start', { streams, durationSeconds: SECONDS, direction: 'upload' })
  const report = await awaitReport(engine)
  const shownBitsPerSecond = await shownRate(engine, startedAtMs, startedAtMs + SECONDS * 1000)
  await tearDown(engine)
  return { iperfBitsPerSecond: report.bitsPerSecond, shownBitsPerSecond, tool: report.tool }
}

const mbit = (bitsPerSecond: number): string => (bitsPerSecond / 1e6).toFixed(0)

await withEngine(async (engine) => {
  const rows: (string | number)[][] = []
  const ratios: number[] = []
  const deviations: number[] = []
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    const one = await measure(engine, 1, 1)
    const four = await measure(engine, 4, 8)
    ratios.push(four.iperfBitsPerSecond / one.iperfBitsPerSecond)
    for (const { shownBitsPerSecond, iperfBitsPerSecond } of [one, four])
      deviations.push(Math.abs(shownBitsPerSecond / iperfBitsPerSecond - 1))
    rows.push([
      pair,
      mbit(one.iperfBitsPerSecond),
      mbit(one.shownBitsPerSecond),
      mbit(four.iperfBitsPerSecond),
      mbit(four.shownBitsPerSecond),
      (ratios.at(-1) ?? 0).toFixed(2),
    ])
    console.error(four.tool)
  }
  printTable(['pair', '1 tunnel, iperf3', 'shown', '4 tunnels × 8 streams, iperf3', 'shown', 'ratio'], rows)
  console.log(
    `\nmedian ratio ${median(ratios).toFixed(2)}; shown − iperf3: worst ${(100 * Math.max(...deviations)).toFixed(1)} %`,
  )
})
