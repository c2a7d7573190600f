import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRate, renderBytes, renderDuration, renderRate } from './quantities.ts'

describe('parseRate', () => {
  it.each([
    ['200M', 200e6],
    ['200m', 200e6],
    ['1.5G', 1.5e9],
    ['64k', 64e3],
    ['200000000', 200e6],
    ['10Mbit/s', 10e6],
    ['10Mbps', 10e6],
    [' 5M ', 5e6],
  ])('reads %s', (text, expected) => {
    expect(parseRate(text)).toBe(expected)
  })

  it.each(['', 'M', '-1M', '1e9', '1,5G', '200 M B', '0x10', '200MiB', 'fast', '1..5G'])('refuses %j', (text) => {
    expect(parseRate(text)).toBeNull()
  })

  it('reads any whole number of bits per second as itself', () => {
    fc.assert(fc.property(fc.nat(), (rate) => parseRate(String(rate)) === rate))
  })
})

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
