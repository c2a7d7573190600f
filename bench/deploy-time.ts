import { median, printTable } from './statistics.ts'
import { deploy, tearDown, withEngine } from './with-engine.ts'

/**
 * From the confirmed deploy to the first payload byte over 4 tunnels, and which step takes how long.
 * Also the teardown. `node bench/deploy-time.ts [runs]`; medians of 5 runs by default.
 */
const RUNS = Number(process.argv[2] ?? 5)

const durations = new Map<string, number[]>()
const record = (what: string, ms: number): void => void durations.set(what, [...(durations.get(what) ?? []), ms])

await withEngine(async (engine) => {
  for (let run = 0; run < RUNS; run += 1) {
    const confirmedAt = performance.now()
    const view = await deploy(engine, 4)
    record('confirm → first payload byte', performance.now() - confirmedAt)
    for (const step of view.act?.steps ?? []) record(`  ${step.id}`, (step.endedAtMs ?? 0) - (step.startedAtMs ?? 0))
    const downAt = performance.now()
    await tearDown(engine)
    record('down → proven clean', performance.now() - downAt)
  }
})

printTable(
  ['what', `median of ${RUNS}, ms`, 'min', 'max'],
  [...durations].map(([what, all]) => [
    what,
    median(all).toFixed(0),
    Math.min(...all).toFixed(0),
    Math.max(...all).toFixed(0),
  ]),
)
