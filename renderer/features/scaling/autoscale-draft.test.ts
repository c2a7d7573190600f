import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Autoscale } from '../../../domain/autoscale.ts'
import { autoscaleDraftOf, parseAutoscale } from './autoscale-draft.ts'

const draft = autoscaleDraftOf(Autoscale.parse({}))

describe('the thresholds as they are written', () => {
  it('are the specification’s, in the units people use', () =>
    expect(draft).toEqual({
      upPercent: 80,
      downPercent: 30,
      intervalSeconds: 30,
      upCooldownMinutes: 2,
      downCooldownMinutes: 10,
      elephantMebibytes: 100,
    }))

  it('come back as they were', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1000, max: 10_000_000 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        (percent, ms, bytes) => {
          const settings = Autoscale.parse({
            enabled: true,
            upThreshold: percent / 100,
            downThreshold: 0,
            intervalMs: ms,
            upCooldownMs: ms,
            elephantBytes: bytes,
          })
          expect(parseAutoscale(autoscaleDraftOf(settings), true).settings).toEqual(settings)
        },
      ),
    ))

  it.each([
    ['upPercent', { upPercent: 101 }],
    ['upPercent', { upPercent: '' }],
    ['downPercent', { downPercent: -1 }],
    ['downPercent', { downPercent: 80 }],
    ['intervalSeconds', { intervalSeconds: 0.5 }],
    ['upCooldownMinutes', { upCooldownMinutes: '' }],
    ['downCooldownMinutes', { downCooldownMinutes: -2 }],
    ['elephantMebibytes', { elephantMebibytes: 0 }],
  ] as const)('name the field at fault: %s of %o', (field, change) => {
    const { settings, errors } = parseAutoscale({ ...draft, ...change }, true)
    expect(settings).toBeNull()
    expect(Object.keys(errors ?? {})).toEqual([field])
  })
})
