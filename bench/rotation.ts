import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median, printTable } from './statistics.ts'
import type { FlowReport } from './support/flow-packet.ts'
import { type Place, type Running, startScript } from './support/inside.ts'
import { awaitAct, deploy, type Engine, withEngine } from './with-engine.ts'

/**
 * Packets lost while the keys of 4 tunnels are replaced again and again under 64 UDP flows: those that this host sends, and
 * those that only come back, as each has asked once. In turn with as long a time in which nothing is done, for a machine that
 * is busy loses packets by itself, fewer where each flow sends less often. `node bench/rotation.ts [--seconds 40] [--interval 20]`:
 * so long each, and ms between two packets of a flow.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '40' }, interval: { type: 'string', default: '20' } },
})
const SECONDS = Number(values.seconds)
const TUNNELS = 4
const FLOWS = 64
const INTERVAL_MS = Number(values.interval)
const FIRST_PORT = 9000
/** A flow that has fallen so far behind the others, ms, has stopped. */
const BEHIND_MS = 2000

type Way = 'sent' | 'come back'
/** Both ends of the flows, the one that counts first. */
type Ends = { readonly counting: Running; readonly other: Running }

const startFlows = async (way: Way, dtn: Place, resource: Place, address: string): Promise<Ends> => {
  if (way === 'sent') {
    const counting = startScript(resource, 'receive-flows.ts', FIRST_PORT, FLOWS, 9900)
    await pause(1000)
    return { counting, other: startScript(dtn, 'send-flows.ts', address, FIRST_PORT, FLOWS, 9900, 0, INTERVAL_MS) }
  }
  const other = startScript(resource, 'answer-flows.ts', FIRST_PORT, FLOWS, INTERVAL_MS)
  await pause(1000)
  return { counting: startScript(dtn, 'ask-flows.ts', address, FIRST_PORT, FLOWS), other }
}

const askReports = async (counting: Running): Promise<FlowReport[]> => {
  const told = JSON.parse(await counting.ask('report')) as FlowReport[] | { udp: FlowReport[] }
  return Array.isArray(told) ? told : told.udp
}

const spanOf = ({ received, lost }: FlowReport): number => received + lost

/** Gaps in what came, and all that flows which stopped, or never began, did not bring. */
const lostOf = (reports: readonly FlowReport[]): number => {
  const longest = Math.max(...reports.map(spanOf))
  const missing = reports.map((report) => longest - spanOf(report)).filter((behind) => behind * INTERVAL_MS > BEHIND_MS)
  const gaps = reports.reduce((sum, { lost }) => sum + lost, 0)
  return gaps + missing.reduce((sum, behind) => sum + behind, 0) + (FLOWS - reports.length) * longest
}

/** Rotates all tunnels again and again, for so long at least; gives how long each rotation of all took, ms. */
const rotateFor = async (engine: Engine, ms: number): Promise<number[]> => {
  const tookMs: number[] = []
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs) {
    const startedMs = performance.now()
    await engine.call('deployment.rotate', {})
    await awaitAct(engine)
    tookMs.push(performance.now() - startedMs)
  }
  return tookMs
}

const measure = async (
  engine: Engine,
  counting: Running,
  way: Way,
  tunnels: 'left alone' | 'rotated',
): Promise<(string | number)[]> => {
  await askReports(counting)
  const tookMs =
    tunnels === 'rotated' ? await rotateFor(engine, SECONDS * 1000) : await pause(SECONDS * 1000).then(() => [])
  await pause(1000)
  const reports = await askReports(counting)
  const packets = reports.reduce((sum, report) => sum + spanOf(report), 0)
  const took = tookMs.length === 0 ? '–' : `${(median(tookMs) / 1000).toFixed(1)} s`
  return [way, tunnels, packets, lostOf(reports), tookMs.length * TUNNELS, took]
}

await withEngine(async (engine) => {
  const view = await deploy(engine, TUNNELS)
  const { pid } = await engine.call('lab.world', {})
  const [dtn, resource]: [Place, Place] = [
    { pid, namespace: null },
    { pid, namespace: 'private1' },
  ]
  const rows: (string | number)[][] = []
  for (const way of ['sent', 'come back'] as const) {
    const { counting, other } = await startFlows(way, dtn, resource, view.bastions[0]?.resourceAddress ?? '')
    try {
      await pause(2000)
      for (const tunnels of ['left alone', 'rotated'] as const) {
        rows.push(await measure(engine, counting, way, tunnels))
        console.error(JSON.stringify(rows.at(-1)))
      }
    } finally {
      await Promise.all([counting.end(), other.end()])
    }
  }
  printTable(['packets', 'tunnels', 'counted', 'lost', 'rotations of a tunnel', 'all 4 in (median)'], rows)
})
