import { describe, expect, it } from 'vitest'
import {
  orDash,
  quantifyRatio,
  quantifyShare,
  renderAge,
  renderBytes,
  renderDuration,
  renderMinutes,
  renderMs,
  renderRate,
  renderRateTick,
  renderShare,
  renderUsd,
} from './format.ts'

describe('rates and amounts', () => {
  it.each([
    [0, '0 Mbit/s'],
    [812, '812 bit/s'],
    [183_400_000, '183 Mbit/s'],
    [9_994_000, '9.99 Mbit/s'],
    [9_996_000, '10.0 Mbit/s'],
    [999_600_000, '1.00 Gbit/s'],
    [1_234_000_000, '1.23 Gbit/s'],
  ])('%d bit/s is %s', (rate, text) => expect(renderRate(rate)).toBe(text))

  it('says a rate beside an axis in few letters', () =>
    expect([0, 50_000_000, 1_500_000_000].map(renderRateTick)).toEqual(['0', '50 Mb/s', '1.5 Gb/s']))

  it('counts bytes in decimal units', () => {
    expect(renderBytes(914_000_000)).toBe('914 MB')
    expect(renderBytes(0)).toBe('0 MB')
    expect(renderBytes(1_500)).toBe('1.50 kB')
  })
})

describe('small numbers', () => {
  it('keeps what matters of a short round trip', () => {
    expect([0.284, 0.998, 4.26, 9.97, 31.7].map(renderMs)).toEqual(['0.28 ms', '1.0 ms', '4.3 ms', '10 ms', '32 ms'])
  })
  it('never shows a small loss as none', () => {
    expect([0, 0.0004, 0.021, 0.5].map((ratio) => quantifyRatio(ratio).value)).toEqual(['0', '<0.1', '2.1', '50'])
  })
  it('rounds a share to whole per cent', () => {
    expect([0, 0.004, 0.006, 0.296, 0.996, 1.2].map(renderShare)).toEqual([
      '0 %',
      '0 %',
      '1 %',
      '30 %',
      '100 %',
      '120 %',
    ])
    expect(quantifyShare(0.42)).toEqual({ value: '42', unit: '%' })
  })
  it('shows what is not known as a dash, and nought as nought', () =>
    expect([null, undefined, 0, 0.5].map((share) => orDash(share, renderShare))).toEqual(['–', '–', '0 %', '50 %']))
  it('never shows a small price as nothing', () => {
    expect([renderUsd(0), renderUsd(0.0042), renderUsd(0.1728)]).toEqual(['$0', '$0.0042', '$0.17'])
  })
})

describe('time', () => {
  it.each([
    [2_340, '2.3 s'],
    [59_900, '59 s'],
    [185_000, '3 min 05 s'],
    [7_620_000, '2 h 07 min'],
    [273_600_000, '3 d 4 h'],
    [-5, '0.0 s'],
  ])('%d ms is %s', (ms, text) => expect(renderDuration(ms)).toBe(text))

  it('says an age to the minute, also in the first one', () =>
    expect([-200, 0, 59_999, 60_000, 7_620_000].map(renderMinutes)).toEqual([
      'under 1 min',
      'under 1 min',
      'under 1 min',
      '1 min',
      '2 h 07 min',
    ]))

  it('says the age of a handshake coarsely', () =>
    expect([renderAge(7.9), renderAge(95)]).toEqual(['7 s', '1 min 35 s']))
})
