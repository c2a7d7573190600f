import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UdpStep } from '../../../domain/probe/bandwidth.ts'
import { nextUdpRate, type UdpRate } from './udp-ladder.ts'

type Path = { readonly path: number; readonly flow: number; readonly loss: number; readonly sender: number }
const ENDLESS = Number.POSITIVE_INFINITY
const path = (limits: Partial<Path>): Path => ({ path: ENDLESS, flow: ENDLESS, loss: 0, sender: ENDLESS, ...limits })

/** What a path of known limits makes of a step. */
const take = (limits: Path, { flows, bitsPerSecondOfFlow }: UdpRate): UdpStep => {
  const offered = flows * bitsPerSecondOfFlow
  const sent = Math.min(offered, limits.sender)
  const arrived = Math.min(flows * Math.min(sent / flows, limits.flow), limits.path) * (1 - limits.loss)
  return {
    direction: 'upload',
    flows,
    offeredBitsPerSecond: offered,
    receivedBitsPerSecond: {
      value: arrived,
      from: { kind: 'measured', how: 'a model', tool: 'test', version: null, atMs: 0 },
    },
    lossRatio: 1 - arrived / sent,
    jitterMs: 0,
    payloadBytes: 1400,
  }
}

const climb = (limits: Path, tcpBitsPerSecond: number): UdpStep[] => {
  const steps: UdpStep[] = []
  for (;;) {
    const rate = nextUdpRate({ tcpBitsPerSecond, stepSeconds: 2, payloadBytes: 1400 }, steps)
    if (rate === null) return steps
    steps.push(take(limits, rate))
    if (steps.length > 50) throw new Error('it does not end')
  }
}
const received = (steps: readonly UdpStep[]) =>
  steps.map(({ flows, receivedBitsPerSecond }) => [flows, Math.round(receivedBitsPerSecond.value / 1e6)])

describe('nextUdpRate', () => {
  it('finds that a path of 100 Mbit/s carries no more with more flows', () => {
    expect(received(climb(path({ path: 100e6 }), 96e6))).toEqual([
      [1, 24],
      [1, 48],
      [1, 96],
      [1, 100],
      [1, 100],
      [2, 100],
      [4, 100],
    ])
  })

  it('finds that each flow is policed, at 100 of 400 Mbit/s, and with more flows what the path carries', () => {
    expect(received(climb(path({ path: 400e6, flow: 100e6 }), 380e6))).toEqual([
      [1, 95],
      [1, 100],
      [1, 100],
      [1, 100],
      [2, 200],
      [4, 400],
      [8, 400],
    ])
  })

  it('stops at sixteen flows where the path is wider than these', () => {
    expect(received(climb(path({ flow: 100e6 }), 380e6)).slice(-2)).toEqual([
      [8, 800],
      [16, 1600],
    ])
  })

  it('climbs on where TCP was held back by losses, to what the path carries', () => {
    const steps = climb(path({ path: 200e6, loss: 0.02 }), 4e6)
    expect(Math.max(...steps.map((step) => step.receivedBitsPerSecond.value))).toBeCloseTo(196e6, -5)
  })

  it('is not held up by one step that chance spoiled', () => {
    const basis = { tcpBitsPerSecond: 20e6, stepSeconds: 2, payloadBytes: 1400 }
    const steps = [5e6, 10e6, 20e6, 25e6].map((rate) =>
      take(path({}), { flows: 1, bitsPerSecondOfFlow: rate, seconds: 2 }),
    )
    const spoiled = take(path({ loss: 0.2 }), { flows: 1, bitsPerSecondOfFlow: 25e6, seconds: 2 })
    expect(nextUdpRate(basis, [...steps.slice(0, 3), spoiled])).toEqual({
      flows: 1,
      bitsPerSecondOfFlow: 40e6,
      seconds: 1,
    })
  })

  it('does not climb where the sender sends no faster', () => {
    expect(received(climb(path({ sender: 300e6 }), 300e6))).toEqual([
      [1, 75],
      [1, 150],
      [1, 300],
      [1, 300],
      [1, 300],
      [1, 300],
      [2, 300],
      [4, 300],
    ])
  })

  it('takes no more flows where nothing arrives at all', () => {
    expect(climb(path({ path: 0 }), 100e6)).toHaveLength(4)
  })

  it('never offers more than twice the best seen, and ends, on any path', () => {
    const limit = fc.double({ min: 1e6, max: 1e10, noNaN: true })
    const limits = fc.record({
      path: limit,
      flow: limit,
      sender: limit,
      loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
    })
    fc.assert(
      fc.property(limits, fc.double({ min: 1e6, max: 1e10, noNaN: true }), (any, tcp) => {
        let best = tcp
        for (const { offeredBitsPerSecond, receivedBitsPerSecond } of climb(any, tcp)) {
          expect(offeredBitsPerSecond).toBeLessThanOrEqual(2 * best + 4)
          best = Math.max(best, receivedBitsPerSecond.value)
        }
      }),
    )
  })
})
