import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppContract } from '../../contract/app.ts'
import type { Client } from '../../contract/define.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { argumentsOf, findProcesses, startTimeOf } from '../cloud/lab/processes.ts'
import { findWorld } from '../cloud/lab/world-file.ts'
import { hostEngine } from '../host-engine.ts'
import { resolvePaths } from '../paths.ts'
import { type LabEngine, openLabEngine } from '../testing/lab-engine.ts'

/** The real engine, the program that really measures, and a site of the lab whose truth is known. */

const SITE = { mtuBytes: 1400, delayMs: 20, rateBitsPerSecond: 50_000_000 }

/** Waits for something that comes soon. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + 20_000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('waited in vain')
    await delay(10)
  }
}

const followUntil = async (
  engine: Client<AppContract>,
  isIt: (report: ProbeReport) => boolean,
): Promise<ProbeReport> => {
  for await (const report of engine.stream('probe.watch', {}, { signal: AbortSignal.timeout(40_000) }))
    if (report !== null && isIt(report)) return report
  throw new Error('the stream ended')
}

const parentOf = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
}

/** Processes that an engine has started to measure. */
const measuring = (engine: number): Promise<number[]> =>
  findProcesses(async (pid) => (await parentOf(pid)) === engine && (await argumentsOf(pid)).includes('measure'))

describe('a probe of the lab', () => {
  let here: LabEngine
  beforeAll(async () => {
    here = await openLabEngine({})
  })
  afterAll(() => here?.close())

  const isLabGone = async (): Promise<boolean> =>
    here.engine.call('lab.world', {}).then(
      () => false,
      () => true,
    )

  it('finds the path’s MTU to the byte, and takes the lab away', async () => {
    const request = {
      target: { kind: 'lab', site: SITE },
      parts: ['interface', 'mtu', 'latency'],
      regions: [],
    } as const
    await here.engine.call('probe.start', { ...request, parts: [...request.parts], regions: [] })
    const report = await followUntil(here.engine, ({ state }) => state !== 'running')
    expect(report).toMatchObject({ state: 'done', problem: null })
    expect(report.mtu.result).toMatchObject({ mtuBytes: { value: 1400 }, innerMtuBytes: { value: 1340 } })
    expect(report.latency.result?.target?.minMs.value).toBeGreaterThanOrEqual(20)
    expect(report.recommendation?.innerMtuBytes?.value).toBe(1340)
    await until(isLabGone)
    expect(await measuring(process.pid)).toEqual([])
  })

  it('leaves no process and no lab where it is cancelled in the middle of a transfer', async () => {
    await here.engine.call('probe.start', { target: { kind: 'lab', site: SITE }, parts: ['bandwidth'], seconds: 60 })
    await followUntil(here.engine, ({ bandwidth }) => bandwidth.doing.startsWith('Upload'))
    expect(await measuring(process.pid)).toHaveLength(1)
    await here.engine.call('probe.cancel', {})
    expect(await measuring(process.pid)).toEqual([])
    expect(await followUntil(here.engine, () => true)).toMatchObject({ state: 'cancelled' })
    await until(isLabGone)
  })
})

describe('an engine that is killed while it measures', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'mole-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  it('leaves no process, and the next one takes the lab away', async () => {
    const paths = resolvePaths({ XDG_RUNTIME_DIR: home, XDG_STATE_HOME: `${home}/s`, XDG_CONFIG_HOME: `${home}/c` })
    const program = join(import.meta.dirname, 'testing/engine-that-probes.ts')
    const child = spawn(process.execPath, [program, home], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [word] = (await once(child.stdout, 'data')) as [Buffer]
    expect(word.toString()).toBe('running\n')
    const left = await measuring(child.pid ?? 0)
    expect(left).toHaveLength(1)
    child.kill('SIGKILL')
    await once(child, 'close')
    await until(async () => (await Promise.all(left.map(startTimeOf))).every((time) => time === null))
    expect(await findWorld(paths.lab)).not.toBeNull()

    const next = await hostEngine({ paths, version: '0.0.0', endWhenIdle: false, environment: {} })
    try {
      expect(await findWorld(paths.lab)).toBeNull()
      expect(next.engine.view()).toMatchObject({ phase: 'none', problem: null })
    } finally {
      await next.close()
    }
  })
})
