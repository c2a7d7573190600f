import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bastionOfSlot, slotsOf } from '../../domain/tunnel-plan.ts'
import { restingSlots } from './resting-slots.ts'
import type { Health } from './view.ts'

const twoBastions = slotsOf({ tunnels: 4, bastions: 2 })
const health = (...silent: number[]): ReadonlyMap<number, Health> =>
  new Map(twoBastions.map((slot) => [slot, silent.includes(slot) ? 'silent' : 'up']))

describe('restingSlots', () => {
  it('rests the tunnels of a bastion that nothing comes back from, and of one that is gone', () => {
    expect(twoBastions).toEqual([1, 2, 9, 10])
    expect(restingSlots(twoBastions, health(9, 10), new Set())).toEqual(new Set([9, 10]))
    expect(restingSlots(twoBastions, health(), new Set([1]))).toEqual(new Set([1, 2]))
  })

  it('leaves a bastion of which one tunnel answers', () => {
    expect(restingSlots(twoBastions, health(9), new Set())).toEqual(new Set())
  })

  it('never rests all (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 56 }),
        fc.array(fc.constantFrom<Health>('silent', 'up', 'unknown'), { minLength: 64, maxLength: 64 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 8 })),
        (bastions, more, states, gone) => {
          const slots = slotsOf({ tunnels: bastions + more, bastions })
          const resting = restingSlots(
            slots,
            new Map(slots.map((slot, at) => [slot, states[at] ?? 'up'])),
            new Set(gone),
          )
          expect(resting.size).toBeLessThan(slots.length)
          for (const slot of resting)
            expect(
              slots
                .filter((other) => bastionOfSlot(other) === bastionOfSlot(slot))
                .every((other) => resting.has(other)),
            ).toBe(true)
        },
      ),
    )
  })
})
