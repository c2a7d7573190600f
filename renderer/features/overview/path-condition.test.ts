import { describe, expect, it } from 'vitest'
import { parseCondition, renderCondition } from './path-condition.ts'

describe('what a path of the lab does to packets', () => {
  it('is taken in per cent and milliseconds', () =>
    expect(parseCondition({ lossPercent: 20, delayMs: '30' }).condition).toEqual({ lossRatio: 0.2, delayMs: 30 }))

  it.each([
    ['lossPercent', { lossPercent: 101, delayMs: 0 }],
    ['lossPercent', { lossPercent: '', delayMs: 0 }],
    ['delayMs', { lossPercent: 0, delayMs: 1001 }],
    ['delayMs', { lossPercent: 0, delayMs: -1 }],
  ] as const)('names the field at fault: %s of %o', (field, draft) =>
    expect(parseCondition(draft)).toEqual({ condition: null, wrong: [field] }),
  )

  it('is said in short, and not at all where it is nothing', () =>
    expect(
      [
        { lossRatio: 0.2, delayMs: 30 },
        { lossRatio: 0.005, delayMs: 0 },
        { lossRatio: 0, delayMs: 0 },
      ].map(renderCondition),
    ).toEqual(['20 %, 30 ms', '0.5 %', '']))
})
