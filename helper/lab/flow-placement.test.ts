import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Runner } from '../run.ts'
import { choosePorts, placeFlows, sourceTowards } from './flow-placement.ts'

const line = (dev: string): string => `10.200.0.10 from 10.100.255.1 dev ${dev} table 7077 uid 0 \\    cache `

const fakeIp = (answer: (argv: readonly string[], input: string) => { stdout: string; code: number }): Runner => ({
  run: async (program, argv, options = {}) => {
    if (program !== 'ip') throw new Error(`unexpected program ${program}`)
    return { ...answer(argv, options.input ?? ''), stderr: '' }
  },
  start: () => {
    throw new Error('nothing is to be started')
  },
  pathOf: (program) => `/fake/${program}`,
})

describe('choosePorts', () => {
  it('takes the run that spreads best', () => {
    expect(choosePorts(100, [1, 1, 1, 2, 1, 2, 2, 2], 4)).toEqual({
      firstPort: 102,
      streamsBySlot: new Map([
        [1, 2],
        [2, 2],
      ]),
    })
  })

  it('leaves out runs with a port the kernel has no tunnel for', () => {
    expect(choosePorts(100, [1, null, 2, 2], 2)).toEqual({ firstPort: 102, streamsBySlot: new Map([[2, 2]]) })
    expect(choosePorts(100, [1, null, 2], 2)).toBeNull()
  })

  it('never loads a tunnel more than another run would (property)', () => {
    const fullest = (slots: readonly number[]): number =>
      Math.max(...slots.map((slot) => slots.filter((other) => other === slot).length))
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 6, maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (slots, streams) => {
          const chosen = choosePorts(1000, slots, streams)
          const runs = slots.slice(0, slots.length - streams + 1).map((_, at) => slots.slice(at, at + streams))
          expect(chosen).not.toBeNull()
          expect(Math.max(...(chosen?.streamsBySlot.values() ?? []))).toBe(Math.min(...runs.map(fullest)))
          const at = (chosen?.firstPort ?? 0) - 1000
          expect(fullest(slots.slice(at, at + streams))).toBe(Math.max(...(chosen?.streamsBySlot.values() ?? [])))
        },
      ),
    )
  })
})

describe('asking the kernel', () => {
  it('asks for each candidate port once, and names the source', async () => {
    let asked: string[] = []
    const runner = fakeIp((argv, input) => {
      expect(argv).toEqual(['-oneline', '-batch', '-'])
      asked = input.trim().split('\n')
      return { stdout: asked.map((_, at) => line(`mole${(at % 4) + 1}`)).join('\n'), code: 0 }
    })
    const flow = { source: '10.100.255.1', address: '10.200.0.10', port: 5210, streams: 8 }
    const placement = await placeFlows(runner, flow, () => 0)
    expect(asked[0]).toBe('route get 10.200.0.10 from 10.100.255.1 ipproto tcp sport 20000 dport 5210')
    expect(new Set(asked).size).toBe(asked.length)
    expect([...(placement?.streamsBySlot.values() ?? [])]).toEqual([2, 2, 2, 2])
  })

  it('says nothing where the kernel does not tell', async () => {
    const runner = fakeIp(() => ({ stdout: '', code: 1 }))
    expect(await placeFlows(runner, { source: 'a', address: 'b', port: 1, streams: 1 })).toBeNull()
  })

  it('gives no source when traffic would go round the tunnels', async () => {
    const through = fakeIp(() => ({
      stdout: '10.200.0.10 dev mole2 table 7077 src 10.100.255.1 uid 0 \\ cache',
      code: 0,
    }))
    const round = fakeIp(() => ({
      stdout: '10.200.0.10 via 198.51.100.1 dev wan0 src 198.51.100.2 uid 0 \\ cache',
      code: 0,
    }))
    const none = fakeIp(() => ({ stdout: '', code: 2 }))
    expect(await sourceTowards(through, '10.200.0.10')).toBe('10.100.255.1')
    expect(await sourceTowards(round, '10.200.0.10')).toBeNull()
    expect(await sourceTowards(none, '10.200.0.10')).toBeNull()
  })
})
