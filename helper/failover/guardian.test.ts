import { afterEach, describe, expect, it, vi } from 'vitest'
import type { HostState } from '../../domain/host-state.ts'
import type { AuditLine } from '../audit.ts'
import { BARE_HOST } from '../testing/model.ts'
import { bundle } from '../testing/states.ts'
import { type Guardian, makeGuardian } from './guardian.ts'
import type { GroupNow } from './ip-pipe.ts'
import type { PathHealth, Verdict } from './path-health.ts'

type FakePath = { verdict: Verdict; isAnswering: boolean; isFit: boolean; isHoldOver: boolean }

/** Paths and a kernel of plain values. */
const openBench = (count: number, changes: Partial<HostState> = {}) => {
  const paths = new Map<string, FakePath>()
  for (let slot = 1; slot <= count; slot += 1)
    paths.set(`mole${slot}`, { verdict: 'up', isAnswering: true, isFit: false, isHoldOver: false })
  const desired = bundle(count, { probe: { intervalMs: 100, misses: 3 }, spread: 'round-robin', ...changes })
  const lines: string[][] = []
  const told: AuditLine[] = []
  const kernel: { group: GroupNow; refuses: boolean; gate: Promise<void> | null; isChanging: boolean } = {
    group: desired.tunnels.map((_, at) => at + 1),
    refuses: false,
    gate: null,
    isChanging: false,
  }
  const pathOf = (name: string): PathHealth | null => {
    const path = paths.get(name)
    if (path === undefined) return null
    return {
      attend: () => ({ send: null, waitMs: 100 }),
      answered: () => undefined,
      verdict: () => path.verdict,
      isAnswering: () => path.isAnswering,
      isFit: () => path.isFit,
      isHoldOver: () => path.isHoldOver,
      readmit: () => Object.assign(path, { verdict: 'up', isFit: false }),
    }
  }
  const guardian = makeGuardian({
    pathOf,
    pipe: {
      run: async (given) => {
        lines.push([...given])
        const members = /group ([0-9/]+)/.exec(given[0] ?? '')?.[1]?.split('/')
        if (!kernel.refuses && members !== undefined) kernel.group = members.map((id) => Number(id) - 770_000)
        return kernel.group
      },
    },
    audit: (line) => told.push(line),
    generation: () => 1,
    urgently: async (work) => {
      await kernel.gate
      await work()
    },
    isChanging: () => kernel.isChanging,
    onChange: () => undefined,
    onDeath: () => undefined,
    nowMs: () => 0,
  })
  const follow = (group: GroupNow = kernel.group): void => {
    kernel.group = group
    guardian.follow(desired, { ...BARE_HOST, group })
    guardian.judge()
  }
  const set = (slot: number, change: Partial<FakePath>): void => {
    Object.assign(paths.get(`mole${slot}`) ?? {}, change)
    guardian.judge()
  }
  const kill = (slot: number): void => set(slot, { verdict: 'dead', isAnswering: false })
  return { guardian, kernel, lines, told, paths, follow, set, kill }
}

let guardian: Guardian | null = null
const open = (count: number, changes: Partial<HostState> = {}) => {
  const bench = openBench(count, changes)
  guardian = bench.guardian
  return bench
}
afterEach(() => guardian?.close())

const events = (told: readonly AuditLine[]): string[] => told.map(({ event, detail }) => `${event} ${detail}`)

describe('the guardian', () => {
  it('takes a dead tunnel out of the route in one stroke, and tells', async () => {
    const bench = open(3)
    bench.follow()
    bench.kill(2)
    expect(bench.guardian.withdrawn()).toEqual(new Set([2]))
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1, 3]))
    expect(bench.lines).toHaveLength(1)
    expect(bench.lines[0]?.join()).toMatch(/rule delete fwmark/)
    expect(['mole1', 'mole2', 'mole3'].map(bench.guardian.carries)).toEqual([true, false, true])
    await vi.waitFor(() => expect(events(bench.told)).toContain('withdraw mole2; 2 of 3 carry'))
    expect(events(bench.told)).toContain('path-dead mole2')
  })

  it('puts it back when it is fit and its hold-down is over, not before', async () => {
    const bench = open(2)
    bench.follow()
    bench.kill(1)
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([2]))
    bench.set(1, { isFit: true, isAnswering: true })
    expect(bench.guardian.withdrawn()).toEqual(new Set([1]))
    bench.set(1, { isHoldOver: true })
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1, 2]))
    await vi.waitFor(() => expect(events(bench.told)).toContain('restore mole1; 2 of 2 carry'))
  })

  it('leaves the route as it is when all are dead, raises the alarm once, and waits for nothing when one is back', async () => {
    const bench = open(2)
    bench.follow()
    bench.kill(1)
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([2]))
    bench.kill(2)
    bench.guardian.judge()
    expect(bench.kernel.group).toEqual([2])
    expect(bench.told.filter(({ event }) => event === 'bundle-dead')).toHaveLength(1)
    bench.set(1, { isFit: true, isAnswering: true })
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1]))
    expect(bench.told.filter(({ event }) => event === 'bundle-alive')).toHaveLength(1)
  })

  it('moves nothing while no other tunnel answers, and does it when one does', async () => {
    const bench = open(2)
    bench.follow()
    bench.set(2, { isAnswering: false })
    bench.kill(1)
    expect(bench.lines).toEqual([])
    bench.set(2, { isAnswering: true })
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([2]))
  })

  it('knows from the group what a former life has withdrawn', () => {
    const bench = open(3)
    Object.assign(bench.paths.get('mole2') ?? {}, { verdict: 'dead' })
    bench.follow([1, 3])
    expect(bench.guardian.withdrawn()).toEqual(new Set([2]))
    expect(bench.lines).toEqual([])
  })

  it('asserts itself after an apply that knew nothing of it', async () => {
    const bench = open(3)
    bench.follow()
    bench.kill(3)
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1, 2]))
    bench.follow([1, 2, 3])
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1, 2]))
  })

  it('takes a tunnel without an interface for dead', async () => {
    const bench = open(2)
    bench.paths.delete('mole2')
    bench.follow()
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1]))
  })

  it('moves once more where another tunnel died while it moved', async () => {
    const bench = open(3)
    bench.follow()
    const held = Promise.withResolvers<void>()
    bench.kernel.gate = held.promise
    bench.kill(1)
    bench.kill(2)
    held.resolve()
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([3]))
  })

  it('lets what is back wait while the host is being changed, and what dies not', async () => {
    const bench = open(3)
    bench.follow()
    bench.kill(1)
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([2, 3]))
    bench.kernel.isChanging = true
    bench.set(1, { isFit: true, isHoldOver: true, isAnswering: true })
    bench.kill(2)
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([3]))
    bench.kernel.isChanging = false
    bench.follow()
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([1, 3]))
  })

  it('tries again what the kernel refused', async () => {
    const bench = open(2)
    bench.follow()
    bench.kernel.refuses = true
    bench.kill(1)
    await vi.waitFor(() => expect(bench.lines.length).toBeGreaterThan(1))
    bench.kernel.refuses = false
    await vi.waitFor(() => expect(bench.kernel.group).toEqual([2]), 5000)
    expect(bench.told.some(({ outcome }) => outcome.startsWith('the group is mole1'))).toBe(true)
  })

  it('takes nothing out where nobody asked for it, and does nothing without a bundle', () => {
    const bench = open(2, { probe: null })
    bench.follow()
    bench.kill(1)
    bench.guardian.follow(null, BARE_HOST)
    bench.guardian.judge()
    expect(bench.lines).toEqual([])
    expect(bench.guardian.withdrawn()).toEqual(new Set())
  })
})
