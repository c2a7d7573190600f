import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { findProcessesOf } from '../scripts/test/left-processes.mjs'
import { type Home, inNamespaceAfter, lineOf, MOLE, makeHome, type Outcome } from './support/mole.ts'
import { EXIT, expectWhole, refusalOf, viewOf } from './support/refusal.ts'

/**
 * Parts that die, hang or are taken away under a deployment. What happened is said; the tunnels live on where they can;
 * `up` brings it back and `down` takes it away, in bounded time, and nothing is left.
 */

let home: Home
test.beforeEach(() => {
  home = makeHome()
})
test.afterEach(() => home.remove())

const up = (tunnels = 2): Promise<Outcome> => home.mole('up', '--tunnels', String(tunnels), '--yes')

const expectUp = async (tunnels = 2): Promise<void> => {
  const outcome = await up(tunnels)
  expect(outcome.code, outcome.stderr).toBe(0)
}

const expectTraffic = async (): Promise<void> => {
  const traffic = await home.mole('lab', 'traffic', '--streams', '4', '--duration', '1')
  expect(traffic.code, traffic.stderr).toBe(0)
  expect((traffic.json as unknown as { traffic: { bytes: number } }).traffic.bytes).toBeGreaterThan(100_000)
}

const expectDownClean = async (): Promise<void> => {
  const down = await home.mole('down')
  expect(down.code, down.stderr).toBe(0)
  expect(viewOf(down)?.phase ?? 'none').toBe('none')
  expect(await home.leftovers()).toEqual([])
}

const lab = (): string => join(home.directory, 'mole', 'lab')

/** The helper: its `nsenter`, which has the same arguments, begins with its own name. */
const helperPids = (): number[] =>
  findProcessesOf(home.directory)
    .filter(({ command }) => /^\S*node\S* \S*helper\S* serve --directory /.test(command))
    .map(({ pid }) => pid)

const helperPid = (): number => {
  const [pid] = helperPids()
  if (pid === undefined) throw new Error('no helper runs')
  return pid
}

const worldPid = (): number => (JSON.parse(readFileSync(join(lab(), 'world.json'), 'utf8')) as { pid: number }).pid

const enginePid = (): number => Number(readFileSync(join(home.directory, 'mole', 'engine.lock.pid'), 'utf8'))

const phaseBecomes = async (phase: string, timeout = 30_000): Promise<void> =>
  expect.poll(async () => viewOf(await home.mole('status')).phase, { timeout }).toBe(phase)

test.describe('the helper', () => {
  test('killed while all is up: it is said, it comes back by itself, and the tunnels never stopped', async () => {
    await expectUp()
    const report = join(home.directory, 'iperf3.json')
    const order = ['-c', '10.200.0.10', '-t', '5', '-i', '0.5', '-J', '--logfile', report]
    const traffic = home.mole('lab', 'shell', '--json', '--', 'iperf3', ...order)
    await delay(1000)
    const killed = helperPid()
    process.kill(killed, 'SIGKILL')
    const told = viewOf(await home.mole('status'))
    expect(['detached', 'connected']).toContain(told.phase)
    if (told.problem !== null) expectWhole(told.problem)
    expect((await traffic).code).toBe(0)
    const { intervals } = JSON.parse(readFileSync(report, 'utf8')) as { intervals: { sum: { bytes: number } }[] }
    expect(intervals.length).toBeGreaterThan(5)
    for (const { sum } of intervals) expect(sum.bytes).toBeGreaterThan(0)
    await phaseBecomes('connected')
    expect(helperPid()).not.toBe(killed)
    const said = readFileSync(join(home.directory, 's', 'mole', 'engine.log'), 'utf8')
    expect(said).not.toContain('unforeseen')
    await expectTraffic()
    await expectDownClean()
  })

  test('killed with the engine: what they leave, sockets too, is no obstacle', async () => {
    for (const next of ['status', 'up', 'down'] as const) {
      await expectUp()
      process.kill(enginePid(), 'SIGKILL')
      process.kill(helperPid(), 'SIGKILL')
      expect([existsSync(join(home.directory, 'mole', 'engine.sock')), existsSync(join(lab(), 'helper.sock'))]).toEqual(
        [true, true],
      )
      if (next === 'status') await phaseBecomes('connected')
      if (next === 'up') await expectUp()
      if (next !== 'down') await expectTraffic()
      await expectDownClean()
    }
  })

  test('killed at moments of up: up ends as asked, or takes back what it made and says why', async () => {
    for (const delayMs of [150, 450, 700, 900, 1100]) {
      const outcome = up()
      const until = performance.now() + delayMs
      while (performance.now() < until || helperPids().length === 0) {
        if (performance.now() > until + 10_000) break
        await delay(10)
      }
      for (const pid of helperPids()) process.kill(pid, 'SIGKILL')
      const { code, json, stderr } = await outcome
      if (code === 0) {
        await phaseBecomes('connected')
        await expectTraffic()
      } else {
        expect([EXIT.failed, EXIT.unreachable], stderr).toContain(code)
        expectWhole((json as unknown as { error: Parameters<typeof expectWhole>[0] }).error)
        // Nothing is recorded any more; the phase tells of the try that failed.
        expect(viewOf({ code, json, stderr }), stderr).toMatchObject({ phase: 'failed', id: null, tunnels: [] })
      }
      await expectDownClean()
    }
  })

  test('hanging: it is said, and another takes its place', async () => {
    await expectUp()
    const hung = helperPid()
    process.kill(hung, 'SIGSTOP')
    await phaseBecomes('detached')
    const status = await home.mole('status')
    expect(status.code).toBe(EXIT.failed)
    const problem = viewOf(status).problem
    expect(problem).toMatchObject({ code: 'helper-unreachable', data: { field: 'helper' } })
    if (problem !== null) expectWhole(problem)
    await phaseBecomes('connected', 60_000)
    expect(helperPid()).not.toBe(hung)
    await expectTraffic()
    await expectDownClean()
  })

  for (const verb of ['up', 'down'] as const)
    test(`hanging when ${verb} is asked for: it is done in bounded time`, async () => {
      await expectUp()
      process.kill(helperPid(), 'SIGSTOP')
      const startedMs = performance.now()
      const outcome = await (verb === 'up' ? up() : home.mole('down'))
      expect(outcome.code, outcome.stderr).toBe(0)
      // Its own limits add up to less; without them it would wait for ever.
      expect(performance.now() - startedMs).toBeLessThan(45_000)
      if (verb === 'up') await expectTraffic()
      await expectDownClean()
    })
})

test.describe('the engine', () => {
  test('killed, with its socket left behind: the next command starts another', async () => {
    const first = home.start('mole', ['serve', '--json'])
    await lineOf(first, /http:\S+/)
    const ended = once(first, 'exit')
    first.kill('SIGKILL')
    await ended
    expect(existsSync(join(home.directory, 'mole', 'engine.sock'))).toBe(true)
    const status = await home.mole('status')
    expect(status.code, status.stderr).toBe(0)
    await expectUp()
    await expectDownClean()
  })

  test('hanging: the command says so in bounded time and names the part', async () => {
    const first = home.start('mole', ['serve', '--json'])
    await lineOf(first, /http:\S+/)
    first.kill('SIGSTOP')
    try {
      for (const argv of [['status'], ['down'], ['serve']]) {
        const error = refusalOf(await home.mole(...argv), EXIT.unreachable)
        expect(error).toMatchObject({ code: 'engine-unreachable', data: { field: 'engine' } })
        expect(error.data.nextStep).toContain(`${first.pid}`)
      }
    } finally {
      first.kill('SIGCONT')
    }
  })

  test('asked twice at once: one acts, the other is told so or joins in the same end', async () => {
    const outcomes = await Promise.all([up(), up()])
    expect(outcomes.map(({ code }) => code).toSorted((a, b) => Number(a) - Number(b))).toEqual([0, EXIT.conflict])
    const loser = outcomes.find(({ code }) => code !== 0) as Outcome
    expect(refusalOf(loser, EXIT.conflict)).toMatchObject({ code: 'conflict', data: { field: 'act' } })
    await phaseBecomes('connected')
    await expectTraffic()
    await expectDownClean()
  })
})

test.describe('the lab', () => {
  for (const next of ['up', 'down'] as const)
    test(`ended from outside: status says that nothing is there, and ${next} works`, async () => {
      await expectUp()
      process.kill(worldPid(), 'SIGKILL')
      await phaseBecomes('failed')
      const status = await home.mole('status')
      expect(status.code).toBe(EXIT.failed)
      const problem = viewOf(status).problem
      expect(problem).toMatchObject({ code: 'not-found', data: { field: 'deployment' } })
      expect(problem?.data.nextStep).toMatch(/mole up.*mole down/)
      const refused = refusalOf(await home.mole('lab', 'traffic'), EXIT.unreachable)
      expect(refused.data.field).toBe('helper')
      if (next === 'up') {
        await expectUp()
        await expectTraffic()
      }
      await expectDownClean()
    })

  test('ended with the engine: the next one says the same, and down forgets it', async () => {
    await expectUp()
    process.kill(enginePid(), 'SIGKILL')
    process.kill(worldPid(), 'SIGKILL')
    const status = await home.mole('status')
    expect(status.code, status.stderr).toBe(EXIT.failed)
    expect(viewOf(status).problem).toMatchObject({ code: 'not-found', data: { field: 'deployment' } })
    await expectDownClean()
  })
})

test.describe('the disk of the database', () => {
  test('full in the middle of its life: the file is named, and once there is room again the work goes on', async () => {
    const state = join(home.directory, 's', 'mole')
    await mkdir(state, { mode: 0o700, recursive: true })
    const setUp = { script: 'mount -t tmpfs -o size=1m,mode=700 tmpfs "$1"', values: [state] }
    const engine = spawn('/usr/bin/unshare', [...inNamespaceAfter(setUp), MOLE, 'serve', '--json'], {
      env: home.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await lineOf(engine, /http:\S+/)
    // The engine's own view of its disk.
    const filler = `/proc/${engine.pid}/root${state}/filler`
    for (let bytes = 65_536; bytes >= 512; bytes /= 2)
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' })
      } catch {
        // That much did not fit.
      }
    const error = refusalOf(await up(), EXIT.notAvailable)
    expect(error.data.field).toContain(join(state, 'mole.sqlite'))
    expect(engine.exitCode).toBeNull()
    expect(helperPids()).toEqual([])

    rmSync(filler)
    await expectUp()
    await expectTraffic()
    expect((await home.mole('down')).code).toBe(0)
    engine.kill('SIGTERM')
    await once(engine, 'exit')
    expect(await home.leftovers()).toEqual([])
  })
})
