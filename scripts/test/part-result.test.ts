import { describe, expect, it } from 'vitest'
import { allSkipped, judgePart, nothingYet, resultOfChecks } from './part-result.mjs'

describe('judgePart', () => {
  const well = { ...nothingYet('unit'), passed: 3 }

  it('leaves a good part as it is', () => {
    expect(judgePart(well, 0)).toEqual(well)
    expect(judgePart({ ...well, passed: 0, skipped: 2 }, 0)).toMatchObject({ failed: 0 })
  })

  it('does not believe a program that ended badly', () => {
    expect(judgePart(well, 1)).toMatchObject({ passed: 3, failed: 1 })
  })

  it('does not believe silence', () => {
    expect(judgePart(nothingYet('e2e'), 0)).toMatchObject({ failed: 1, failures: [{ message: 'No test ran.' }] })
  })

  it('counts a failure once, though the program ends with 1 because of it', () => {
    expect(judgePart({ ...well, failed: 1, failures: [{ name: 'x', message: 'y' }] }, 1).failed).toBe(1)
  })
})

describe('resultOfChecks', () => {
  it('counts each check as one test', () => {
    const checks = [
      { name: 'types', fault: '', seconds: 1 },
      { name: 'lint', fault: 'a.ts:1: no', seconds: 1 },
    ]
    expect(resultOfChecks('checks', checks)).toMatchObject({
      passed: 1,
      failed: 1,
      failures: [{ name: 'lint', message: 'a.ts:1: no' }],
    })
  })
})

describe('allSkipped', () => {
  it('counts every test, with its reason', () => {
    expect(allSkipped('kernel', ['a', 'b'], 'wg is missing')).toMatchObject({
      skipped: 2,
      skips: [
        { name: 'a', reason: 'wg is missing' },
        { name: 'b', reason: 'wg is missing' },
      ],
    })
  })
})
