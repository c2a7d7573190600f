import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeBundle, type Member } from './judge-bundle.ts'

const living = (number: number): Member => ({ number, isDead: false, isAnswering: true })
const quiet = (number: number): Member => ({ number, isDead: false, isAnswering: false })
const dead = (number: number): Member => ({ number, isDead: true, isAnswering: false })

describe('which tunnels leave the route', () => {
  it('are the dead ones, while another answers', () => {
    expect(judgeBundle([living(1), dead(2), living(3)], new Set())).toEqual(new Set([2]))
  })

  it('are no more than before where nothing answers: the uplink may be cut', () => {
    expect(judgeBundle([quiet(1), dead(2), dead(3)], new Set([3]))).toEqual(new Set([3]))
    expect(judgeBundle([dead(1), dead(2)], new Set([2]))).toEqual(new Set([2]))
  })

  it('come back when they live', () => {
    expect(judgeBundle([living(1), living(2)], new Set([1, 2]))).toEqual(new Set())
    expect(judgeBundle([dead(1), living(2)], new Set([1, 2]))).toEqual(new Set([1]))
  })

  it('are never all, and only dead ones (property)', () => {
    const members = fc.uniqueArray(
      fc.record({ number: fc.integer({ min: 1, max: 8 }), isDead: fc.boolean(), isAnswering: fc.boolean() }),
      { selector: ({ number }) => number, minLength: 1 },
    )
    fc.assert(
      fc.property(members, fc.uniqueArray(fc.integer({ min: 1, max: 9 })), (bundle, before) => {
        const out = judgeBundle(bundle, new Set(before))
        expect(out.size).toBeLessThan(bundle.length)
        for (const number of out) expect(bundle.find((member) => member.number === number)?.isDead).toBe(true)
      }),
    )
  })
})
