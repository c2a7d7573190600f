import { describe, expect, it } from 'vitest'
import { type GoalDraft, goalOf, localMoment } from './goal-draft.ts'

const NOW = Date.parse('2026-11-21T10:00:00')
const draft: GoalDraft = {
  kind: 'bytes',
  rateGigabits: 5,
  amount: 40,
  unit: 'TB',
  by: '2026-11-22T10:00',
  budgetUsd: 60,
  direction: 'upload',
}

describe('goalOf', () => {
  it('reads an amount by a date under a budget', () =>
    expect(goalOf(draft, NOW).goal).toEqual({ kind: 'bytes', bytes: 40e12, withinSeconds: 86_400, budgetUsd: 60 }))

  it('reads a rate', () =>
    expect(goalOf({ ...draft, kind: 'rate', budgetUsd: '' }, NOW).goal).toEqual({
      kind: 'rate',
      bitsPerSecond: 5e9,
      budgetUsd: null,
    }))

  it('takes no date for whenever', () =>
    expect(goalOf({ ...draft, by: '' }, NOW).goal).toMatchObject({ withinSeconds: null }))

  it.each([
    ['amount', { amount: '' }],
    ['amount', { amount: 0 }],
    ['amount', { amount: 2000, unit: 'PB' }],
    ['by', { by: '2026-11-21T09:59' }],
    ['budgetUsd', { budgetUsd: 0 }],
    ['rateGigabits', { kind: 'rate', rateGigabits: '' }],
  ] as const)('names the field at fault: %s of %o', (field, change) => {
    const { goal, errors } = goalOf({ ...draft, ...change }, NOW)
    expect(goal).toBeNull()
    expect(Object.keys(errors)).toEqual([field])
  })
})

it('localMoment is what a date field reads back as the same minute', () =>
  expect(Date.parse(localMoment(NOW))).toBe(NOW))
