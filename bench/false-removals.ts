import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { openLab, soon } from '../engine/cloud/lab/testing/open-lab.ts'
import type { HelperClient } from '../engine/cloud/provider.ts'
import { printTable } from './statistics.ts'

/**
 * How often a tunnel is taken for dead that is not, under what may look like it: loss, a busy machine, a helper that was
 * stopped. `node bench/false-removals.ts [--minutes 10] [--loss 0.3] [--stop-seconds 60]
 * [--phases loss,busy,stopped]`; each for so many minutes. Counts
 * what the helper's own log tells; no engine runs, as it would start another helper in place of one that is stopped.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    loss: { type: 'string', default: '0.3' },
    'stop-seconds': { type: 'string', default: '60' },
    phases: { type: 'string', default: 'loss,busy,stopped' },
  },
})
const SPAN_MS = Number(values.minutes) * 60_000
const STOP_MS = Number(values['stop-seconds']) * 1000
const ECHO_LOSS = Number(values.loss)
/** An echo passes the path twice. */
const LOSS_RATIO = 1 - Math.sqrt(1 - ECHO_LOSS)
const TUNNELS = 4
const BASTION = 'd1-b1'

const lab = openLab()
const whose = { id: 'd1', plan: DeploymentPlan.parse({ tunnels: TUNNELS }) }

const logged = (): string[] => readFileSync(join(lab.directory, 'helper.log'), 'utf8').split('\n')
const count = (event: string): number => logged().filter((line) => line.includes(`"event":"${event}"`)).length

/** All tunnels at once; afterwards none. */
const withLoss = async (helper: HelperClient, work: () => Promise<void>): Promise<void> => {
  const set = async (lossRatio: number): Promise<void> => {
    for (let slot = 1; slot <= TUNNELS; slot += 1)
      await helper.call('lab.condition', { id: BASTION, slot, condition: { lossRatio, delayMs: 0 } })
  }
  await set(LOSS_RATIO)
  await work()
  await set(0)
}

const withBusyCores = async (work: () => Promise<void>): Promise<void> => {
  const hogs: ChildProcess[] = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  )
  try {
    await work()
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL')
  }
}

/** Stopped and going on in turn. */
const stopAndGo = async (pid: number): Promise<void> => {
  const endMs = performance.now() + SPAN_MS
  do {
    await lab.inside('kill', '-STOP', String(pid))
    await pause(STOP_MS)
    await lab.inside('kill', '-CONT', String(pid))
    await pause(10_000)
  } while (performance.now() < endMs)
}

const rows: (string | number)[][] = []
const PHASES = values.phases.split(',')
if (PHASES.some((name) => !['loss', 'busy', 'stopped'].includes(name)))
  throw new Error('phases are loss, busy, stopped')
const phase = async (kind: string, name: string, work: () => Promise<void>): Promise<void> => {
  if (!PHASES.includes(kind)) return
  const before = [count('withdraw'), count('path-dead')]
  await work()
  const [withdrawn = 0, dead = 0] = [count('withdraw'), count('path-dead')].map((all, at) => all - (before[at] ?? 0))
  rows.push([name, withdrawn, dead])
  console.error(`${name}: ${withdrawn} removed, ${dead} found dead`)
}

try {
  const helper = await lab.provider.host.ensure(soon())
  await lab.apply(helper, whose, await lab.awaitEnds(whose, await lab.launch(helper, whose)))
  await pause(3000)
  const { pid } = await helper.call('hello', {})
  await phase('loss', `${100 * ECHO_LOSS} % of echoes lost`, () => withLoss(helper, () => pause(SPAN_MS)))
  await phase('busy', `${2 * availableParallelism()} busy loops on ${availableParallelism()} cores`, () =>
    withBusyCores(() => pause(SPAN_MS)),
  )
  await phase('stopped', `helper stopped for ${STOP_MS / 1000} s`, () => stopAndGo(pid))
  printTable([`${values.minutes} min each`, 'next hops removed', 'paths found dead'], rows)
} finally {
  await lab.close()
}
