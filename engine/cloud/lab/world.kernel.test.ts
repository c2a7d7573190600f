import { execFileSync, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTimeOf } from './processes.ts'
import { runInside, startInside } from './testing/inside.ts'
import { ensureWorld, labLeftovers, removeWorld } from './world.ts'
import { findWorld } from './world-file.ts'

const soon = (): AbortSignal => AbortSignal.timeout(20_000)

const inside = async (pid: number, ...command: string[]): Promise<string> => (await runInside(pid, ...command)).trim()

const canWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

describe('the lab’s world', () => {
  let base: string
  let directory: string
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'mole-'))
    directory = join(base, 'lab')
  })
  afterEach(async () => {
    await removeWorld(directory)
    rmSync(base, { recursive: true, force: true })
  })

  it('is one, however many ask for it at once', async () => {
    const worlds = await Promise.all(Array.from({ length: 4 }, () => ensureWorld(directory, soon())))
    expect(new Set(worlds.map(({ pid }) => pid)).size).toBe(1)
    expect(await findWorld(directory)).toEqual(worlds[0])
    expect(await ensureWorld(directory, soon())).toEqual(worlds[0])
  })

  it('has a network of its own, and leaves this machine’s alone', async () => {
    const interfaces = (text: string): string[] => text.match(/^ *[^ :]+(?=:)/gm)?.map((name) => name.trim()) ?? []
    const before = interfaces(readFileSync('/proc/net/dev', 'utf8'))
    const { pid } = await ensureWorld(directory, soon())
    await inside(pid, 'ip', 'link', 'add', 'mole-test', 'type', 'veth')
    expect(await inside(pid, 'cat', '/proc/net/dev')).toContain('mole-test')
    expect(interfaces(readFileSync('/proc/net/dev', 'utf8'))).toEqual(before)
    expect(await inside(pid, 'ls', '/sys/class/net')).toContain('mole-test')
    expect(await inside(pid, 'cat', '/proc/1/comm')).toBe('sh')
  })

  it('keeps no corpses of processes whose parent has died', async () => {
    const { pid } = await ensureWorld(directory, soon())
    await inside(pid, 'sh', '-c', 'for n in 1 2 3; do timeout 0.05 sleep 9 & done')
    const states = (): Promise<string> => inside(pid, 'sh', '-c', 'cat /proc/[0-9]*/stat')
    const until = performance.now() + 10_000
    while ((await states()).includes('(timeout)') && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await states()).not.toContain('(timeout)')
  })

  it('outlives the process that made it', async () => {
    const text = `const { ensureWorld } = await import(${JSON.stringify(join(import.meta.dirname, 'world.ts'))})
      await ensureWorld(${JSON.stringify(directory)}, AbortSignal.timeout(20000))
      process.kill(process.pid, 'SIGKILL')`
    const engine = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: 'ignore' })
    await new Promise((resolve) => engine.once('exit', resolve))
    const world = await findWorld(directory)
    expect(world).not.toBeNull()
    expect(await ensureWorld(directory, soon())).toEqual(world)
  })

  it('shows its directory also when that lies below /run', async (context) => {
    context.skip(!canWrite('/run'), 'this user may not write to /run')
    const run = mkdtempSync('/run/mole-')
    const below = join(run, 'lab')
    try {
      const { pid } = await ensureWorld(below, soon())
      expect(await inside(pid, 'cat', join(below, 'world.json'))).toContain(`"pid":${pid}`)
      // `mount` keeps its own notes there.
      const names = (await inside(pid, 'ls', '/run')).split('\n').filter((name) => name !== 'mount')
      expect(names.sort()).toEqual([run.slice('/run/'.length), 'netns', 'wireguard'])
    } finally {
      await removeWorld(below)
      rmSync(run, { recursive: true })
    }
  })

  it('goes without a trace', async () => {
    const { pid } = await ensureWorld(directory, soon())
    const stranger = await startInside(pid, 'sleep', '1000')
    const strangerEnded = new Promise((resolve) => stranger.once('exit', resolve))
    expect(await labLeftovers(directory)).not.toEqual([])
    await removeWorld(directory)
    await strangerEnded
    expect(await labLeftovers(directory)).toEqual([])
    expect(await startTimeOf(pid)).toBeNull()
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(base)
    await removeWorld(directory)
  })

  it('does not take somebody who only looks at its directory for a part of it', async () => {
    const looker = spawn('/usr/bin/tail', ['-f', '/dev/null', directory], { stdio: 'ignore' })
    try {
      await ensureWorld(directory, soon())
      await removeWorld(directory)
      expect(await labLeftovers(directory)).toEqual([])
    } finally {
      looker.kill('SIGKILL')
    }
  })

  it('is given up when the signal aborts, and leaves no process behind', async () => {
    mkdirSync(directory, { mode: 0o700 })
    // Nobody reads from it: opening it for writing waits for ever (fifo(7)).
    execFileSync('mkfifo', [join(directory, 'world.lock')])
    await expect(ensureWorld(directory, AbortSignal.timeout(500))).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(await labLeftovers(directory)).toEqual([`directory ${directory}`])
  })

  it('is found and ended also when world.json is lost', async () => {
    const { pid } = await ensureWorld(directory, soon())
    rmSync(join(directory, 'world.json'))
    expect(await findWorld(directory)).toBeNull()
    await expect(ensureWorld(directory, soon())).rejects.toMatchObject({ code: 'conflict' })
    expect(await labLeftovers(directory)).toContain(`lab process ${pid}`)
    await removeWorld(directory)
    expect(await startTimeOf(pid)).toBeNull()
  })

  it('is found and ended also when its whole directory is lost', async () => {
    const { pid } = await ensureWorld(directory, soon())
    rmSync(directory, { recursive: true })
    expect(await labLeftovers(directory)).toContain(`lab process ${pid}`)
    await removeWorld(directory)
    expect(await startTimeOf(pid)).toBeNull()
    expect(await labLeftovers(directory)).toEqual([])
  })

  it('kills no process that a forged world.json names', async () => {
    const bystander = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' })
    try {
      await ensureWorld(directory, soon())
      const bystanderPid = bystander.pid ?? 0
      const startTime = await startTimeOf(bystanderPid)
      writeFileSync(join(directory, 'world.json'), JSON.stringify({ version: 1, pid: bystanderPid, startTime }))
      await removeWorld(directory)
      expect(await startTimeOf(bystanderPid)).toBe(startTime)
      expect(await labLeftovers(directory)).toEqual([])
    } finally {
      bystander.kill('SIGKILL')
    }
  })

  it('begins anew where an earlier world was killed', async () => {
    const first = await ensureWorld(directory, soon())
    writeFileSync(join(directory, 'helper.sock'), '')
    process.kill(first.pid, 'SIGKILL')
    const deadline = performance.now() + 10_000
    while ((await startTimeOf(first.pid)) !== null && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await ensureWorld(directory, soon())
    expect(second.pid).not.toBe(first.pid)
    expect(await inside(second.pid, 'ls', directory)).toBe('world.json\nworld.lock')
  })
})
