import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HostState } from '../../domain/host-state.ts'
import { makeFakeSystem } from '../testing/fake-system.ts'
import { bundle } from '../testing/states.ts'
import { adapt, type Change, type Quality, type Standings } from './adapt.ts'
import { openAdaptive } from './adaptive.ts'

const path = (number: number, change: Partial<Quality> = {}): Quality => ({
  number,
  rttMs: 30,
  lossRatio: 0,
  verdict: 'up',
  ...change,
})

/** What changes at each of a row of looks. */
const walk = (looks: readonly (readonly Quality[])[]): (readonly Change[])[] => {
  let standings: Standings = new Map()
  return looks.map((look) => {
    const next = adapt(standings, look)
    standings = next.standings
    return next.changes
  })
}
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

describe('adapt', () => {
  it('leaves a bundle alone whose paths are much alike', () => {
    expect(walk(times(50, [path(1), path(2, { rttMs: 90 }), path(3, { lossRatio: 0.01 })])).flat()).toEqual([])
  })

  it('makes a backup of a tunnel that loses for three looks, not of one that lost once', () => {
    const bad = [path(1), path(2, { lossRatio: 0.1, verdict: 'degraded' })]
    const good = [path(1), path(2)]
    expect(walk([bad, good, bad, bad, good]).flat()).toEqual([])
    expect(walk([bad, bad, bad])).toEqual([[], [], [{ number: 2, backup: true }]])
  })

  it('takes it back after ten good looks in a row', () => {
    const bad = [path(1), path(2, { lossRatio: 0.1 })]
    const good = [path(1), path(2)]
    const changes = walk([...times(3, bad), ...times(9, good), ...times(1, bad), ...times(10, good)])
    expect(changes.flatMap((each, at) => each.map((change) => ({ ...change, at })))).toEqual([
      { number: 2, backup: true, at: 2 },
      { number: 2, backup: false, at: 22 },
    ])
  })

  it('makes a backup of one far slower than the best, not of one that is slow while it is full', () => {
    expect(walk(times(3, [path(1), path(2, { rttMs: 300 })])).flat()).toEqual([{ number: 2, backup: true }])
    const wave = [path(1), path(2, { rttMs: 300 })]
    const calm = [path(1), path(2, { rttMs: 40 })]
    expect(walk([calm, ...times(8, wave), calm, ...times(8, wave)]).flat()).toEqual([])
  })

  it('forgets a dead one: it comes back as a carrier', () => {
    const bad = [path(1), path(2, { lossRatio: 0.5 })]
    const dead = [path(1), path(2, { verdict: 'dead', rttMs: null })]
    expect(walk([...times(3, bad), dead, [path(1), path(2)]]).flat()).toEqual([{ number: 2, backup: true }])
  })

  it('never makes backups of all (property)', () => {
    const quality = fc.record({
      rttMs: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constant(null)),
      lossRatio: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(null)),
      verdict: fc.constantFrom('up' as const, 'degraded' as const, 'dead' as const, 'unknown' as const),
    })
    const looks = fc.array(fc.tuple(quality, quality, quality), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(looks, (walked) => {
        let standings: Standings = new Map()
        for (const look of walked) {
          standings = adapt(
            standings,
            look.map((each, at) => ({ number: at + 1, ...each })),
          ).standings
          const all = [...standings.values()]
          expect(all.length === 0 || all.some(({ backup }) => !backup)).toBe(true)
        }
      }),
    )
  })
})

describe('openAdaptive', () => {
  const bench = () => {
    const world = { desired: null as HostState | null, loss: 0.2 }
    const lines: string[] = []
    let tick = (): void => undefined
    const system = makeFakeSystem()
    const close = openAdaptive({
      runner: {
        ...system.runner,
        run: async (program, argv, { input = '' } = {}) => {
          lines.push(`${program} ${argv.join(' ')}: ${input.trim()}`)
          return { stdout: '', stderr: '', code: 0 }
        },
      },
      desired: () => world.desired,
      paths: {
        read: (name) => ({ rttMs: 20, lossRatio: name === 'mole2' ? world.loss : 0, verdict: 'up' }),
        carries: () => true,
      },
      audit: () => undefined,
      everySecond: (work) => {
        tick = work
        return () => undefined
      },
    })
    const look = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at += 1) {
        tick()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return { world, lines, look, close }
  }

  it('moves the flag while the strategy is adaptive, and takes it back when it is another', async () => {
    const { world, lines, look, close } = bench()
    await look(5)
    world.desired = bundle(2, { mptcp: { strategy: 'adaptive' } })
    await look(5)
    expect(lines).toEqual(['ip -force -batch -: mptcp endpoint change id 92 backup fullmesh'])
    world.desired = bundle(2, { mptcp: { strategy: 'roundrobin' } })
    await look(5)
    expect(lines.slice(1)).toEqual(['ip -force -batch -: mptcp endpoint change id 92 nobackup fullmesh'])
    close()
  })

  it('judges anew what a former life left behind', async () => {
    const { world, lines, look } = bench()
    world.desired = bundle(2, { mptcp: { strategy: 'redundant' } })
    await look(3)
    expect(lines).toEqual([
      'ip -force -batch -: mptcp endpoint change id 91 nobackup fullmesh\nmptcp endpoint change id 92 nobackup fullmesh',
    ])
  })

  it('touches nothing under another strategy, or without Multipath TCP', async () => {
    const { world, lines, look } = bench()
    await look(1)
    for (const strategy of ['roundrobin', 'redundant'] as const) {
      world.desired = bundle(2, { mptcp: { strategy } })
      await look(5)
    }
    world.desired = bundle(2)
    await look(5)
    expect(lines).toEqual([])
  })
})
