import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compileCache } from '../contract/testing/compile-cache.ts'
import { takeEngineLock } from '../engine/lock.ts'

/* The real command as real processes, in directories of its own. */

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

let directory: string
let env: NodeJS.ProcessEnv
let children: ChildProcess[]

type Ran = { readonly code: number; readonly out: string; readonly err: string }

const mole = (...argv: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...argv], { env, timeout: 30_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    )
  })

const json = async (...argv: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await mole(...argv, '--json')).out) as Record<string, unknown>

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const pidOfEngine = async (): Promise<number | null> => {
  const text = await readFile(join(directory, 'mole', 'engine.lock.pid'), 'utf8').catch(() => '')
  return text === '' ? null : Number(text)
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  children = []
  env = {
    ...compileCache(),
    PATH: process.env.PATH,
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    XDG_STATE_HOME: join(directory, 'state'),
    XDG_CONFIG_HOME: join(directory, 'config'),
  }
})

afterEach(async () => {
  const engine = await pidOfEngine()
  if (engine !== null && isThere(engine)) process.kill(engine, 'SIGKILL')
  for (const child of children) child.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

/** An engine in a process of ours, ready for commands. */
const startEngine = async (): Promise<{ readonly exit: Promise<number | null>; readonly child: ChildProcess }> => {
  const child = spawn(process.execPath, [MAIN, 'serve', '--detached'], { env, stdio: 'ignore' })
  children.push(child)
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  await expect.poll(() => existsSync(join(directory, 'mole', 'engine.sock')), { timeout: 15_000 }).toBe(true)
  return { exit, child }
}

describe('the command, as processes', () => {
  it('leaves no trace where there is nothing to look at or take down', async () => {
    expect(await json('status')).toMatchObject({ version: 1, ok: true, engine: null })
    expect(await json('down')).toMatchObject({ version: 1, ok: true })
    expect(existsSync(join(directory, 'mole'))).toBe(false)
  })

  it('attaches to a running engine, refuses a second one, and ends it', async () => {
    const { exit, child } = await startEngine()
    expect(await json('status')).toMatchObject({ ok: true, engine: { pid: child.pid }, deployment: { phase: 'none' } })
    const second = await mole('serve')
    expect(second.code).toBe(4)
    expect(second.err).toContain(`process ${child.pid}`)
    expect(await json('serve', '--stop')).toMatchObject({ ok: true, stopped: true })
    expect(await exit).toBe(0)
    expect(existsSync(join(directory, 'mole', 'engine.sock'))).toBe(false)
  })

  it('ends in order on SIGTERM', async () => {
    const { exit, child } = await startEngine()
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(existsSync(join(directory, 'mole', 'engine.sock'))).toBe(false)
  })

  it('takes over from an engine that was killed: its socket and lock are stale', async () => {
    const { exit, child } = await startEngine()
    child.kill('SIGKILL')
    await exit
    expect(existsSync(join(directory, 'mole', 'engine.sock'))).toBe(true)
    expect(await json('status')).toMatchObject({ ok: true, engine: null })
    const again = await startEngine()
    await expect.poll(() => json('status'), { timeout: 15_000 }).toMatchObject({ engine: { pid: again.child.pid } })
  })

  it('starts one engine in the background for many commands at once, closed to others and with no link in its log', async () => {
    // Something is on record, so that "status" must ask an engine.
    await mkdir(join(directory, 'mole', 'lab'), { recursive: true, mode: 0o700 })
    await mkdir(join(directory, 'state'), { recursive: true })
    const found = await Promise.all([json('status'), json('status'), json('status')])
    const pids = new Set(found.map(({ engine }) => (engine as { pid: number }).pid))
    expect(pids.size).toBe(1)
    expect([...pids]).toEqual([await pidOfEngine()])
    expect((await stat(join(directory, 'mole', 'engine.sock'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(directory, 'mole', 'engine.start.log'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(directory, 'mole', 'engine.start.log'), 'utf8')).not.toContain('token')
    // One that lost the race may only now get there, to end again by itself: nothing is deployed, and nobody is connected.
    await expect.poll(() => json('serve', '--stop'), { timeout: 15_000 }).toMatchObject({ ok: true, stopped: false })
  })

  it('starts one where the last is just ending: its lock outlives its socket for a moment', async () => {
    await mkdir(join(directory, 'mole', 'lab'), { recursive: true, mode: 0o700 })
    const lock = takeEngineLock(join(directory, 'mole', 'engine.lock'))
    try {
      const asking = json('status')
      const words = (): Promise<string> => readFile(join(directory, 'mole', 'engine.start.log'), 'utf8').catch(() => '')
      await expect.poll(words, { timeout: 15_000 }).toContain('conflict')
      lock.release()
      expect(await asking).toMatchObject({ ok: true, engine: { pid: expect.any(Number) } })
    } finally {
      lock.release()
    }
    // On a busy machine it may have ended by itself by now.
    expect(await json('serve', '--stop')).toMatchObject({ ok: true })
  }, 40_000)

  it('shows why the background engine did not start, with its own error and exit code', async () => {
    await mkdir(join(directory, 'state', 'mole', 'mole.sqlite'), { recursive: true, mode: 0o700 })
    const { code, out, err } = await mole('status', '--json')
    expect(code).not.toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { message: expect.any(String) } })
    expect(err).toContain('mole: ')
  })

  it('refuses a runtime directory that is not a directory of ours alone', async () => {
    await mkdir(join(directory, 'elsewhere'))
    await symlink(join(directory, 'elsewhere'), join(directory, 'mole'))
    const { code, err } = await mole('panel')
    expect(code).toBe(7)
    expect(err).toContain('is a symbolic link')
    expect(err).toContain('Next: ')
  })

  it('goes on when nobody reads its progress any more', async () => {
    // Something is left, so that "down" has steps to tell of.
    await mkdir(join(directory, 'mole', 'lab'), { recursive: true, mode: 0o700 })
    const child = spawn(process.execPath, [MAIN, 'down'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    child.stderr?.destroy()
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
    expect(existsSync(join(directory, 'mole', 'lab'))).toBe(false)
  })

  it('minds a reader that has seen enough', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    child.stdout?.destroy()
    let err = ''
    child.stderr?.on('data', (chunk) => (err += chunk))
    await new Promise((resolve) => child.once('exit', resolve))
    expect(err).toBe('')
  })
})
