import { describe, expect, it } from 'vitest'
import { renderBytes, renderDuration, renderRate } from './quantities.ts'

describe('text for people', () => {
  it.each([
    [renderRate(183_400_000), '183 Mbit/s'],
    [renderRate(1_500_000_000), '1.5 Gbit/s'],
    [renderRate(12), '12 bit/s'],
    [renderBytes(2_500_000), '2.5 MB'],
    [renderDuration(420), '0.42 s'],
    [renderDuration(75_000), '1 min 15 s'],
    [renderDuration(7_800_000), '2 h 10 min'],
    [renderDuration(-5), '0.00 s'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})
