import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UdpStep } from './bandwidth.ts'
import { udpVerdictOf } from './udp-verdict.ts'

type Path = { readonly path: number; readonly flow: number; readonly loss: number }

/** What a path of known limits makes of a step. Rates are of payload. */
const take = ({ path, flow, loss }: Path, flows: number, offered: number): UdpStep => {
  const arrived = Math.min(Math.min(offered / flows, flow) * flows, path) * (1 - loss)
  return {
    direction: 'upload',
    flows,
    payloadBytes: 1372,
    offeredBitsPerSecond: offered,
    receivedBitsPerSecond: {
      value: arrived,
      from: { kind: 'measured', how: 'a model', tool: 'test', version: null, atMs: 0 },
    },
    lossRatio: 1 - arrived / offered,
    jitterMs: null,
  }
}

const steps = (path: Path, full: number): UdpStep[] => [
  ...[0.25, 0.5, 1, 1.25, 2].map((share) => take(path, 1, full * share)),
  ...[2, 4].map((flows) => take(path, flows, full * flows)),
]

const rate = fc.double({ min: 1e6, max: 1e10, noNaN: true })
const loss = fc.double({ min: 0, max: 0.04, noNaN: true })

describe('udpVerdictOf', () => {
  it('tells a cap of each flow from a path that all share, whatever is lost beside', () => {
    fc.assert(
      fc.property(rate, loss, fc.boolean(), (full, ratio, isPolicing) => {
        const path = isPolicing
          ? { path: full * 8, flow: full, loss: ratio }
          : { path: full, flow: full * 8, loss: ratio }
        const verdict = udpVerdictOf(steps(path, full))
        expect(verdict?.cap).toBe(isPolicing ? 'per-flow' : 'shared')
        expect(verdict?.baseLossRatio).toBeCloseTo(ratio, 6)
        expect((verdict?.flowCap ?? 0) / (full * (1 - ratio) * (1400 / 1372))).toBeCloseTo(1, 6)
      }),
    )
  })

  it('says nothing of a path that takes all that is offered, nor without several flows', () => {
    const wide = { path: 1e12, flow: 1e12, loss: 0.01 }
    expect(udpVerdictOf(steps(wide, 1e9))).toMatchObject({ flowCap: null, cap: null })
    const single = steps({ path: 1e8, flow: 1e12, loss: 0 }, 1e8).filter(({ flows }) => flows === 1)
    expect(udpVerdictOf(single)).toMatchObject({ cap: null, manyFlows: null })
    expect(udpVerdictOf([])).toBeNull()
  })

  it('tells what the path carries where more flows than fill it each keep to their cap', () => {
    const policed = { path: 4e8, flow: 1e8, loss: 0 }
    expect(udpVerdictOf(steps(policed, 1e8))?.filled).toBeNull()
    const more = [...steps(policed, 1e8), take(policed, 8, 8e8)]
    const verdict = udpVerdictOf(more)
    expect(verdict).toMatchObject({ cap: 'per-flow', filled: { flows: 8 } })
    expect((verdict?.filled?.arrived ?? 0) / (4e8 * (1400 / 1372))).toBeCloseTo(1, 6)
    // Flows that go beyond their own cap say nothing of the path.
    const beyond = [...steps(policed, 1e8).filter(({ flows }) => flows === 1), take(policed, 2, 4e8)]
    expect(udpVerdictOf(beyond)).toMatchObject({ cap: 'per-flow', filled: null })
  })

  it('is refuted by a connection that carries more than the cap', () => {
    const policed = steps({ path: 8e8, flow: 1e8, loss: 0 }, 1e8)
    expect(udpVerdictOf(policed, 1e8)?.cap).toBe('per-flow')
    expect(udpVerdictOf(policed, 1.9e8)?.cap).toBeNull()
  })

  it('does not take for idle loss what was lost near a cap', () => {
    const policed = { path: 8e8, flow: 1e8, loss: 0 }
    const near = [take(policed, 1, 1.06e8), take(policed, 1, 4e8), take(policed, 2, 2e8)]
    expect(udpVerdictOf(near)).toMatchObject({ baseLossRatio: null, cap: 'per-flow' })
  })
})
