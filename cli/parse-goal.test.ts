import { describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import { type GoalOptions, parseDirection, parseGoal } from './parse-goal.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

const errorOf = (act: () => unknown): MoleError => {
  try {
    act()
  } catch (error) {
    if (error instanceof MoleError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('a goal', () => {
  it.each<[GoalOptions, object]>([
    [{ rate: '5G' }, { kind: 'rate', bitsPerSecond: 5e9, budgetUsd: null }],
    [
      { rate: '800Mbit/s', budget: '$12.50' },
      { kind: 'rate', bitsPerSecond: 800e6, budgetUsd: 12.5 },
    ],
    [{ bytes: '40TB' }, { kind: 'bytes', bytes: 40e12, withinSeconds: null, budgetUsd: null }],
    [{ bytes: '1.5TiB' }, { bytes: 1.5 * 2 ** 40 }],
    [{ bytes: '2PB' }, { bytes: 2e15 }],
    [
      { bytes: '500GB', by: '36h' },
      { bytes: 5e11, withinSeconds: 36 * 3600 },
    ],
    [
      { bytes: '1TB', by: '2026-11-21T18:00Z', budget: '60' },
      { withinSeconds: 6 * 3600, budgetUsd: 60 },
    ],
    [{ bytes: '1TB', by: '2026-11-21T18:00+02:00' }, { withinSeconds: 4 * 3600 }],
  ])('%j', (options, wanted) => {
    expect(parseGoal(options, NOW)).toMatchObject(wanted)
  })

  it('takes a moment without a zone as one of this machine, and a day as its end', () => {
    const local = Date.parse('2026-11-28T18:00')
    expect(parseGoal({ bytes: '1TB', by: '2026-11-28T18:00' }, NOW)).toMatchObject({
      withinSeconds: (local - NOW) / 1000,
    })
    const end = Date.parse('2026-11-28T23:59:59')
    expect(parseGoal({ bytes: '1TB', by: '2026-11-28' }, NOW)).toMatchObject({ withinSeconds: (end - NOW) / 1000 })
  })

  it.each<[GoalOptions, string, string]>([
    [{}, '--rate', 'Give --rate 5G'],
    [{ rate: '5' }, '--rate', 'Did you mean "--rate 5G"?'],
    [{ rate: 'fast' }, '--rate', 'Correct --rate'],
    [{ rate: '5GBps' }, '--rate', 'Correct --rate'],
    [{ bytes: '40Tb' }, '--bytes', 'Did you mean "--bytes 40TB"?'],
    [{ bytes: '500Gib' }, '--bytes', 'Did you mean "--bytes 500GiB"?'],
    [{ bytes: '1TB', by: '2027-02-29' }, '--by', 'Correct --by'],
    [{ bytes: '1TB', by: '2027-04-31T12:00Z' }, '--by', 'Correct --by'],
    [{ bytes: '40T' }, '--bytes', 'Did you mean "--bytes 40TB"?'],
    [{ bytes: '40' }, '--bytes', 'Did you mean "--bytes 40TB"?'],
    [{ bytes: '-1TB' }, '--bytes', 'Correct --bytes'],
    [{ rate: '1G', bytes: '1TB' }, '--bytes', 'Give a rate'],
    [{ rate: '1G', by: '7d' }, '--by', 'Give --bytes'],
    [{ bytes: '1TB', by: 'friday' }, '--by', 'Correct --by'],
    [{ bytes: '1TB', by: '2026-11-31T99:00' }, '--by', 'Correct --by'],
    [{ bytes: '1TB', by: '2026-11-20T12:00Z' }, '--by', 'Correct --by'],
    [{ bytes: '1TB', budget: '0' }, '--budget', 'Correct --budget'],
    [{ bytes: '1TB', budget: '60 euro' }, '--budget', 'Correct --budget'],
  ])('%j is refused, naming %s', (options, field, nextStep) => {
    const { code, data } = errorOf(() => parseGoal(options, NOW))
    expect([code, data.field]).toEqual(['bad-input', field])
    expect(data.nextStep).toContain(nextStep)
  })
})

describe('a direction', () => {
  it('is one of two, and a near miss is told', () => {
    expect(parseDirection('download')).toBe('download')
    expect(errorOf(() => parseDirection('donwload')).data.nextStep).toBe('Did you mean "--direction download"?')
  })
})
