import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostState } from '../domain/host-state.ts'
import { type Host, makeHost } from './host.ts'
import { type Journal, NOTHING_KNOWN, openJournal } from './journal.ts'
import { fakeKeys } from './testing/fake-system.ts'
import { BARE_HOST } from './testing/model.ts'
import { bundle, keyOf } from './testing/states.ts'

let directory: string
let journal: Journal
let host: Host
/** What happened, in order. */
let trail: string[]
let settled: (HostState | null)[]
/** Looks at the host wait for it. */
let gate: Promise<void>

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  journal = openJournal(join(directory, 'helper.sqlite'), 'world')
  trail = []
  settled = []
  gate = Promise.resolve()
  host = makeHost(
    {
      journal,
      keys: fakeKeys(() => keyOf(9)),
      executor: {
        execute: async () => undefined,
        begin: async () => ({ loaded: Promise.resolve(null) }),
        executeTolerantly: async () => [],
      },
      observe: async () => {
        trail.push('look')
        await gate
        return BARE_HOST
      },
      sshClients: async () => [],
      refusalOf: () => null,
      withdrawn: () => new Set(),
      flavour: async () => 'userspace',
    },
    {
      onChange: () => undefined,
      onRollBack: () => undefined,
      onSettled: (desired) => settled.push(desired),
    },
  )
})
afterEach(() => {
  host.close()
  journal.close()
  rmSync(directory, { recursive: true, force: true })
})

const urgent = (): Promise<void> =>
  host.urgently(async () => {
    trail.push('urgent')
  })

describe('what is urgent', () => {
  it('does not wait for an inspection that goes on', async () => {
    const held = Promise.withResolvers<void>()
    gate = held.promise
    const inspecting = host.inspect()
    await urgent()
    expect(trail).toContain('urgent')
    held.resolve()
    await inspecting
  })

  it('waits while everything is being taken away', async () => {
    const held = Promise.withResolvers<void>()
    gate = held.promise
    const reverting = host.revert().then(() => trail.push('reverted'))
    while (!trail.includes('look')) await new Promise(setImmediate)
    const waiting = urgent()
    held.resolve()
    await Promise.all([reverting, waiting])
    expect(trail.indexOf('reverted')).toBeLessThan(trail.indexOf('urgent'))
  })

  it('is done with before anything is taken away', async () => {
    const held = Promise.withResolvers<void>()
    const moving = host.urgently(async () => {
      await held.promise
      trail.push('moved')
    })
    const reverting = host.revert()
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    expect(trail).toEqual([])
    held.resolve()
    await Promise.all([moving, reverting])
    expect(trail[0]).toBe('moved')
  })
})

describe('work on what is settled', () => {
  const names = (): Promise<string[] | null> => host.whenSettled(async ({ tunnels }) => tunnels.map(({ name }) => name))

  it('is done on what was asked for last, and not where nothing is asked for', async () => {
    expect(await names()).toBeNull()
    journal.settle({ ...NOTHING_KNOWN, desired: bundle(2) })
    expect(await names()).toEqual(['mole1', 'mole2'])
    expect(settled.at(-1)?.tunnels).toHaveLength(2)
  })

  it('is not done while a change waits for its confirmation', async () => {
    journal.begin('applying', [], { ...NOTHING_KNOWN, desired: bundle(1) })
    expect(await names()).toBeNull()
  })
})
