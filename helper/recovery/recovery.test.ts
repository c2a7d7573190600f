import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import type { HostState } from '../../domain/host-state.ts'
import type { LinkFacts } from '../observe/facts.ts'
import { makeFakeSystem } from '../testing/fake-system.ts'
import { BARE_HOST } from '../testing/model.ts'
import { bundle, keyOf } from '../testing/states.ts'
import { makeRecovery, missingTunnels } from './recovery.ts'
import { renewEndpoints } from './renew-endpoints.ts'

const linkOf = (slot: number, flavour: LinkFacts['flavour'] = 'userspace'): LinkFacts => ({
  name: `mole${slot}`,
  flavour,
  mtuBytes: 1420,
  isUp: true,
  addresses: [`10.100.${slot}.1/30`],
  wireguard: {
    publicKey: keyOf(9),
    listenPort: 41_820 + slot,
    peers: [
      { publicKey: keyOf(slot), endpoint: `203.0.113.10:${51_820 + slot}`, allowedNetworks: [], keepaliveSeconds: 25 },
    ],
  },
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const openBench = (settled: HostState | null = bundle(2)) => {
  const world = { links: [linkOf(1), linkOf(2)], settled, applied: 0, failing: 0, renewed: 0 }
  const told: string[] = []
  const recovery = makeRecovery({
    whenSettled: async (work) => (world.settled === null ? null : work(world.settled)),
    observe: async () => ({ ...BARE_HOST, links: world.links }),
    apply: async () => {
      world.applied += 1
      if (world.failing > 0) {
        world.failing -= 1
        throw new MoleError('missing-program', 'There is no wireguard-go.')
      }
      world.links = [linkOf(1), linkOf(2)]
    },
    renew: async ({ tunnels }) => {
      world.renewed += 1
      return tunnels.map(({ name }) => name)
    },
    audit: () => undefined,
    tell: ({ what, text }) => told.push(`${what}: ${text}`),
    nowMs: () => Date.now(),
  })
  return { world, told, recovery }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

describe('a tunnel that has gone', () => {
  it('is made again, and told of', async () => {
    const { world, told, recovery } = openBench()
    world.links = [linkOf(1)]
    recovery.suspect()
    recovery.suspect()
    await pass(100)
    expect(world.applied).toBe(1)
    expect(told).toEqual(['tunnel-rebuilt: mole2 had gone, and was made again.'])
  })

  it('is one whose process nobody answers for, too', () => {
    expect(missingTunnels(bundle(2), { links: [linkOf(1), { ...linkOf(2), wireguard: null }] })).toEqual(['mole2'])
  })

  it('is tried again after 1, 2, 4 s while that fails', async () => {
    const { world, told, recovery } = openBench()
    world.links = []
    world.failing = 3
    recovery.suspect()
    const made: number[] = []
    for (const ms of [500, 1000, 2000, 4000]) {
      await pass(ms)
      made.push(world.applied)
    }
    expect(made).toEqual([1, 2, 3, 4])
    expect(told.at(-1)).toMatch(/^tunnel-rebuilt/)
    expect(told.filter((text) => text.startsWith('rebuild-failed'))).toHaveLength(3)
  })

  it('is made less and less often where it never lasts', async () => {
    const { world, recovery } = openBench()
    for (let second = 0; second < 120; second += 1) {
      world.links = [linkOf(1)]
      recovery.suspect()
      await pass(1000)
    }
    expect(world.applied).toBeGreaterThan(4)
    expect(world.applied).toBeLessThan(10)
  })

  it('is left alone while nothing is settled, or nothing is missing', async () => {
    const { world, recovery } = openBench(null)
    world.links = []
    recovery.suspect()
    await pass(100)
    const whole = openBench()
    whole.recovery.suspect()
    await pass(100)
    expect([world.applied, whole.world.applied]).toEqual([0, 0])
  })
})

describe('a host that moves', () => {
  it('has its endpoints said anew once for a burst of changes', async () => {
    const { world, told, recovery } = openBench()
    for (let change = 0; change < 5; change += 1) recovery.moved()
    await pass(100)
    expect(world.renewed).toBe(1)
    expect(told[0]).toBe('endpoint-renewed: This host has moved: mole1, mole2 send from where it is now.')
    recovery.close()
  })

  it('tells WireGuard each endpoint as it is, and makes no peer', async () => {
    vi.useRealTimers()
    const system = makeFakeSystem()
    const roamed = { ...linkOf(1), wireguard: { publicKey: null, listenPort: 1, peers: [] } }
    expect(await renewEndpoints(system, bundle(3), [roamed, linkOf(2)])).toEqual(['mole2'])
    const hex = Buffer.alloc(32, 2).toString('hex')
    expect(system.transcript()).toBe(
      `> socket of mole2\n    set=1\n    public_key=${hex}\n    update_only=true\n    endpoint=203.0.113.10:51822\n`,
    )
  })

  it('tells the kernel’s WireGuard by wg', async () => {
    vi.useRealTimers()
    const system = makeFakeSystem()
    await renewEndpoints(
      {
        ...system,
        runner: {
          ...system.runner,
          run: async (program, argv) => {
            expect([program, ...argv]).toEqual([
              'wg',
              'set',
              'mole1',
              'peer',
              keyOf(1),
              'endpoint',
              '203.0.113.10:51821',
            ])
            return { stdout: '', stderr: '', code: 0 }
          },
        },
      },
      bundle(1),
      [linkOf(1, 'kernel')],
    )
    expect.assertions(1)
  })
})
