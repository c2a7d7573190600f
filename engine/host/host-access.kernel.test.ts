import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundle } from '../../helper/testing/states.ts'
import { makeWorld, type World } from '../../helper/testing/world.ts'
import type { Act } from './testing/acts.ts'

/* This machine's own helper, in a namespace where the engine is root. No lab. */

const ACTS = join(import.meta.dirname, 'testing/acts.ts')

let world: World
let base: string
let directory: string

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
  directory = join(base, 'host')
  world = await makeWorld()
})
afterEach(async () => {
  await world.close()
  rmSync(base, { recursive: true, force: true })
})

/** One engine's life: what came of each of its acts. */
const engine = async (...acts: (Act | 'lives' | 'find' | 'ensure' | 'inspect' | 'revert' | 'remove')[]) => {
  const written = acts.map((act) => (typeof act === 'string' ? { do: act } : act))
  const output = await world.run(process.execPath, [ACTS], JSON.stringify({ directory, acts: written }))
  return JSON.parse(output) as unknown[]
}

const interfaces = async (): Promise<string[]> =>
  (JSON.parse(await world.run('/usr/sbin/ip', ['-j', 'link', 'show'])) as { ifname: string }[])
    .map(({ ifname }) => ifname)
    .filter((name) => name.startsWith('mole'))
    // Userspace WireGuard's processes start at once: whose interface is first is chance.
    .toSorted()

const SHOW_COMMANDS = 'for p in /proc/[0-9]*; do tr "\\0" " " <$p/cmdline 2>/dev/null; echo; done'

/** Processes of the world that this test is about. */
const processes = async (): Promise<string[]> =>
  (await world.run('/bin/sh', ['-c', SHOW_COMMANDS]))
    .split('\n')
    .filter((line) => line.includes('wireguard-go') || line.includes(` --directory ${directory} `))

/** The kernel takes a moment to end what was killed. */
const awaitNoProcess = async (): Promise<void> => {
  for (let tries = 0; tries < 200 && (await processes()).length > 0; tries += 1) await delay(10)
  expect(await processes()).toEqual([])
}

describe('the helper of this machine, started by an engine that is root', () => {
  it('outlives the engine, is started again when it was killed, and leaves nothing', async () => {
    const state = bundle(2)
    expect(await engine('lives', 'find')).toEqual([false, 'nobody'])
    const [first, applied] = await engine('ensure', { do: 'apply', state })
    expect(applied).toMatchObject({ generation: 1 })
    expect(await interfaces()).toEqual(['mole1', 'mole2'])
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(join(directory, 'keys')))
      expect(statSync(join(directory, 'keys', file)).mode & 0o777, file).toBe(0o600)

    // The next engine finds the very same.
    expect(await engine('find', 'lives', 'ensure')).toEqual(['found', true, first])

    await world.run('/bin/sh', ['-c', `kill -9 ${first}`])
    expect(await engine('find', 'lives')).toEqual(['nobody', true])
    expect(await interfaces()).toEqual(['mole1', 'mole2'])
    const [second, seen] = (await engine('ensure', 'inspect')) as [number, { state: unknown; drift: unknown }]
    expect(second).not.toBe(first)
    expect(seen).toMatchObject({ state: { tunnels: state.tunnels, routes: state.routes }, drift: [] })

    expect((await engine('revert', 'remove', 'lives', 'remove')).slice(1)).toEqual(['removed', false, 'removed'])
    expect(await interfaces()).toEqual([])
    expect(readdirSync(base)).toEqual([])
    await awaitNoProcess()
  })

  it('is not removed while its journal holds what is not undone, dead or alive', async () => {
    const [pid] = await engine('ensure', { do: 'apply', state: bundle(1) })
    expect(await engine('remove')).toEqual([{ code: 'drift' }])
    await world.run('/bin/sh', ['-c', `kill -9 ${pid}`])
    expect(await engine('remove', 'lives')).toEqual([{ code: 'drift' }, true])
    expect(existsSync(join(directory, 'helper.sqlite'))).toBe(true)
    expect(await interfaces()).toEqual(['mole1'])
    expect((await engine('revert', 'remove'))[1]).toBe('removed')
    expect(await interfaces()).toEqual([])
  })

  it('is seen by its interfaces where its directory is lost, and undoes them by their labels', async () => {
    const [pid] = await engine('ensure', { do: 'apply', state: bundle(1) })
    await world.run('/bin/sh', ['-c', `kill -9 ${pid}`])
    rmSync(directory, { recursive: true })
    expect(await engine('lives', 'ensure')).toEqual([true, expect.any(Number)])
    expect((await engine('revert', 'remove', 'lives')).slice(1)).toEqual(['removed', false])
    expect(await interfaces()).toEqual([])
    await awaitNoProcess()
  })
})
