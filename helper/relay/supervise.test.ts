import { describe, expect, it } from 'vitest'
import type { HostState } from '../../domain/host-state.ts'
import { bundle } from '../testing/states.ts'
import { superviseRelay } from './supervise.ts'

const relay = { bastions: [{ address: '10.100.254.1', port: 7009, tunnels: ['mole1'] }] }

const bench = (desired: HostState | null) => {
  const world = { desired, isRunning: true, nowMs: 0, doesStart: true }
  const done: string[] = []
  const told: string[] = []
  let tick = (): void => undefined
  superviseRelay({
    whenSettled: async (work) => (world.desired === null ? null : work(world.desired)),
    desired: () => world.desired,
    relay: {
      isRunning: () => world.isRunning,
      observe: async () => null,
      make: async () => {
        done.push('make')
        if (!world.doesStart) throw new Error('it does not start')
        world.isRunning = true
      },
      end: async () => void done.push('end'),
    },
    audit: ({ outcome }) => void told.push(outcome),
    nowMs: () => world.nowMs,
    everySecond: (work) => {
      tick = work
      return () => undefined
    },
  })
  const seconds = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      world.nowMs += 1000
      tick()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { world, done, told, seconds }
}

describe('superviseRelay', () => {
  it('starts it again at once, after connections go directly', async () => {
    const { world, done, told, seconds } = bench(bundle(1, { relay }))
    await seconds(3)
    expect(done).toEqual([])
    world.isRunning = false
    await seconds(3)
    expect(done).toEqual(['end', 'make'])
    expect(told).toEqual(['ok'])
  })

  it('tries less and less often what does not start, with connections going directly meanwhile', async () => {
    const { world, done, told, seconds } = bench(bundle(1, { relay }))
    world.isRunning = false
    world.doesStart = false
    await seconds(60)
    expect(done.filter((each) => each === 'make').length).toBeLessThan(8)
    expect(done.filter((each) => each === 'make').length).toBeGreaterThan(2)
    expect(done[0]).toBe('end')
    expect(new Set(told)).toEqual(new Set(['internal']))
    world.doesStart = true
    await seconds(120)
    expect(world.isRunning).toBe(true)
  })

  it('leaves alone what nobody asked for', async () => {
    for (const desired of [null, bundle(1)]) {
      const { world, done, seconds } = bench(desired)
      world.isRunning = false
      await seconds(5)
      expect(done).toEqual([])
    }
  })
})
