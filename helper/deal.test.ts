import { describe, expect, it } from 'vitest'
import { dealOf, MARK_MASKS, markOf, markRound } from './deal.ts'
import { bundle, tunnel } from './testing/states.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('a deal', () => {
  it('is among the slots that carry, whichever lane they are on', () => {
    const tunnels = [tunnel(1), tunnel(102), tunnel(3)]
    const state = bundle(0, { spread: 'round-robin', tunnels, active: ['mole102', 'mole1'] })
    expect(dealOf(state)).toEqual({ slots: [1, 2], networks: ['10.200.0.0/24'], source: '10.100.255.1' })
  })

  it('is none by hash, without routes or without a tunnel', () => {
    expect(dealOf(bundle(2))).toBeNull()
    expect(dealOf(bundle(2, { spread: 'round-robin', routes: [] }))).toBeNull()
    expect(dealOf(bundle(2, { spread: 'round-robin', active: [] }))).toBeNull()
  })
})

describe('a mark', () => {
  it('is another when there are more tunnels or fewer, so that connections are dealt anew', () => {
    expect(new Set(upTo(64).map((count) => markRound(upTo(count)))).size).toBe(64)
    for (const gone of upTo(8)) expect(markRound(upTo(8).filter((slot) => slot !== gone))).not.toBe(markRound(upTo(8)))
  })

  it('names its tunnel whatever the round, and both lanes of a slot alike', () => {
    const mark = markRound(upTo(8)) + (markOf(5) - markOf(100))
    expect((mark & MARK_MASKS.slot) >>> 0).toBe(markOf(5))
    expect(markOf(105)).toBe(markOf(5))
  })
})
