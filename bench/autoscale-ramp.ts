import { setTimeout as pause } from 'node:timers/promises'
import type { ScalingDecision, TelemetrySample } from '../contract/app.ts'
import { median, printTable } from './statistics.ts'
import { awaitAct, type Engine, withEngine } from './with-engine.ts'

/**
 * A ramp of real traffic over the lab: 16 streams over shaped paths, with scaling by itself at short intervals. One tunnel is
 * to become four, and, when the traffic has ended, one again. Then 4 → 2 on request under traffic: no connection may be lost.
 * `node bench/autoscale-ramp.ts [Mbit/s of a path]`. Ends with 1 when it does not come so.
 */
const PATH_BITS_PER_SECOND = Number(process.argv[2] ?? 50) * 1e6
const CALM_MS = 8000
const RUN_SECONDS = 60
const MOST = 4

const upRate = ({ tunnels }: TelemetrySample): number =>
  tunnels.reduce((sum, tunnel) => sum + tunnel.upBitsPerSecond, 0)

const mbit = (bitsPerSecond: number): string => (bitsPerSecond / 1e6).toFixed(1)

/** Steps so far, the oldest first, and what one tunnel was measured to carry. */
const stepsNow = async (engine: Engine): Promise<{ steps: ScalingDecision[]; capacity: number | null }> => {
  for await (const view of engine.stream('autoscale.watch', {}))
    return {
      steps: view.decisions.filter(({ action }) => action !== 'hold').toReversed(),
      capacity: view.capacityPerTunnelBitsPerSecond,
    }
  throw new Error('the engine went away')
}

const untilTunnels = async (engine: Engine, tunnels: number, limitMs: number): Promise<void> => {
  const ended = AbortSignal.timeout(limitMs)
  for await (const view of engine.stream('deployment.watch', {}, { signal: ended }))
    if (view.plan?.tunnels === tunnels && view.act?.state === 'done') return
}

const samples = async (engine: Engine): Promise<TelemetrySample[]> => {
  for await (const event of engine.stream('telemetry.watch', { historySeconds: 600 }))
    if (event.kind === 'history') return event.samples
  throw new Error('the engine went away')
}

/** Runs traffic while `meanwhile` happens; throws when a connection of it breaks. */
const underTraffic = async (engine: Engine, seconds: number, meanwhile: () => Promise<void>): Promise<number[]> => {
  await engine.call('traffic.start', { streams: 16, durationSeconds: seconds, direction: 'upload' })
  const rates: number[] = []
  const following = (async () => {
    for await (const { problem, running, latestBitsPerSecond, report } of engine.stream('traffic.watch', {})) {
      if (problem !== null) throw new Error(problem.message)
      if (latestBitsPerSecond !== null && running) rates.push(latestBitsPerSecond)
      if (!running && report !== null) return
    }
  })()
  await Promise.all([following, meanwhile()])
  return rates
}

await withEngine(async (engine) => {
  await engine.call('deployment.deploy', {
    plan: {
      target: 'lab',
      tunnels: 1,
      maxTunnels: MOST,
      labPathRateBitsPerSecond: PATH_BITS_PER_SECOND,
      autoscale: { enabled: true, intervalMs: 1000, upCooldownMs: 10_000, downCooldownMs: 15_000 },
    },
  })
  await awaitAct(engine)
  await pause(CALM_MS)
  const startedAtMs = Date.now()
  await underTraffic(engine, RUN_SECONDS, () => pause(0))
  const endedAtMs = Date.now()
  await untilTunnels(engine, 1, 60_000)
  const { steps, capacity } = await stepsNow(engine)
  const all = await samples(engine)
  printTable(
    ['s after begin', 'decision', 'goodput until the next, median Mbit/s', 'reason', 'outcome'],
    steps.map(({ atMs, action, from, to, reason, outcome }, at) => {
      const untilMs = Math.min(steps[at + 1]?.atMs ?? endedAtMs, endedAtMs)
      // Connections move within a second or two.
      const within = all.filter((sample) => sample.atMs > atMs + 3000 && sample.atMs < untilMs)
      const rate = within.length === 0 ? '–' : mbit(median(within.map(upRate)))
      return [((atMs - startedAtMs) / 1000).toFixed(0), `${action} ${from} → ${to}`, rate, reason, outcome ?? '']
    }),
  )
  console.log(
    `\none tunnel was measured to carry ${capacity === null ? 'nothing' : mbit(capacity)} Mbit/s; path ${mbit(PATH_BITS_PER_SECOND)}`,
  )
  const way = [1, ...steps.map(({ to }) => to)]
  console.log(`tunnels: ${way.join(' → ')}`)
  if (Math.max(...way) !== MOST || way.at(-1) !== 1) process.exitCode = 1

  const { autoscale } = await planOf(engine)
  await engine.call('deployment.adjust', { autoscale: { ...autoscale, enabled: false } })
  await awaitAct(engine)
  await engine.call('deployment.scale', { tunnels: 4 })
  await awaitAct(engine)
  const rates = await underTraffic(engine, 12, async () => {
    await pause(5000)
    await engine.call('deployment.scale', { tunnels: 2 })
    await awaitAct(engine)
  })
  console.log(
    `4 → 2 under 16 streams: no connection lost; Mbit/s each second: ${rates.map((rate) => (rate / 1e6).toFixed(0)).join(' ')}`,
  )
})

async function planOf(engine: Engine) {
  for await (const { plan } of engine.stream('deployment.watch', {})) if (plan !== null) return plan
  throw new Error('the engine went away')
}
