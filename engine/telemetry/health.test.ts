import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InterfaceSample } from '../../contract/helper.ts'
import { type Hearing, healthChanges, judgeHealth, listen, SILENT_AFTER_MS } from './health.ts'

const sample = (slot: number, rttMs: number | null): InterfaceSample => ({
  name: `mole${slot}`,
  rxBytes: 0,
  txBytes: 0,
  rxPackets: 0,
  txPackets: 0,
  handshakeAgeSeconds: null,
  rttMs,
  lossRatio: null,
  verdict: 'unknown',
  carries: true,
})

describe('health', () => {
  it('is unknown first, up once heard, silent 3 s after, up again', () => {
    let hearing: Hearing = listen(new Map(), [1], [sample(1, null)], 0)
    const health = (nowMs: number) => judgeHealth(hearing, nowMs).get(1)
    expect(health(1000)).toBe('unknown')
    hearing = listen(hearing, [1], [sample(1, 5)], 1000)
    expect(health(1000)).toBe('up')
    hearing = listen(hearing, [1], [sample(1, null)], 3000)
    expect(health(3499)).toBe('up')
    expect(health(3500)).toBe('silent')
    hearing = listen(hearing, [1], [sample(1, 5)], 9000)
    expect(health(9000)).toBe('up')
  })

  it('calls a tunnel silent whose interface is gone or never answered', () => {
    const hearing = listen(listen(new Map(), [1, 2], [sample(1, 5)], 0), [1, 2], [], 2500)
    expect([...judgeHealth(hearing, SILENT_AFTER_MS)]).toEqual([
      [1, 'silent'],
      [2, 'silent'],
    ])
  })

  it('knows the planned tunnels and no others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 64 })),
        fc.uniqueArray(fc.integer({ min: 1, max: 64 })),
        fc.nat(),
        (slots, seen, now) => {
          const hearing = listen(
            new Map(),
            slots,
            seen.map((slot) => sample(slot, 1)),
            now,
          )
          expect([...hearing.keys()]).toEqual(slots)
        },
      ),
    )
  })

  it('is up exactly for those heard within the limit, at any sequence of samples', () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat({ max: 5000 }), heard: fc.boolean() }), { minLength: 1 })
    fc.assert(
      fc.property(steps, (sequence) => {
        let hearing: Hearing = new Map()
        let nowMs = 0
        let lastMs: number | null = null
        for (const { waitMs, heard } of sequence) {
          nowMs += waitMs
          if (heard) lastMs = nowMs
          hearing = listen(hearing, [1], [sample(1, heard ? 1 : null)], nowMs)
          expect(judgeHealth(hearing, nowMs).get(1) === 'up').toBe(lastMs !== null && nowMs - lastMs < SILENT_AFTER_MS)
        }
      }),
    )
  })

  it('names only what changed', () => {
    const before = new Map([
      [1, 'up'],
      [2, 'up'],
    ] as const)
    const now = new Map([
      [1, 'up'],
      [2, 'silent'],
      [3, 'unknown'],
    ] as const)
    expect(healthChanges(before, now)).toEqual([
      [2, 'silent'],
      [3, 'unknown'],
    ])
  })
})
