import { expect, it } from 'vitest'
import { pairLines, renderGain } from './pair-scale.ts'

const pair = (beforeBitsPerSecond: number, afterBitsPerSecond: number) => ({ beforeBitsPerSecond, afterBitsPerSecond })

it('has the highest figure at the upper edge, and both ends of a pair to one scale', () => {
  const [first, second] = pairLines([pair(50, 100), pair(100, 75)], 40)
  expect(first).toEqual({ before: 40, after: 0, isBetter: true })
  expect(second).toEqual({ before: 0, after: 20, isBetter: false })
})

it('does not make much of little', () => {
  const [line] = pairLines([pair(100, 99)], 40)
  expect(line?.after).toBeCloseTo(2)
})

it('draws what is nothing at all in the middle', () => expect(pairLines([pair(0, 0)], 40)[0]?.before).toBe(20))

it('says a gain as people do', () => expect([1.113, 0.968, 1.001].map(renderGain)).toEqual(['+11 %', '−3 %', '±0 %']))
