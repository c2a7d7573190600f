import { describe, expect, it } from 'vitest'
import { nothingYet } from './part-result.mjs'
import { exitCodeOf, renderSummary } from './summary.mjs'

const lastLine = (text: string) => text.split('\n').at(-1)
const unit = { ...nothingYet('unit'), passed: 40 }
const kernel = {
  ...nothingYet('kernel'),
  passed: 2,
  failed: 1,
  skipped: 2,
  failures: [{ name: 'a.ts › applies', message: 'expected 1\nto be 2' }],
  skips: [
    { name: 'x', reason: 'no MPTCP here' },
    { name: 'y', reason: '' },
  ],
}

describe('renderSummary', () => {
  it('ends with the sum of all parts, and nothing after it', () => {
    expect(lastLine(renderSummary([unit, kernel]))).toBe('42 passed, 1 failed, 2 skipped')
    expect(lastLine(renderSummary([unit]))).toBe('40 passed, 0 failed, 0 skipped')
    expect(lastLine(renderSummary([]))).toBe('0 passed, 0 failed, 0 skipped')
  })

  it('tells every failure with its message, and every reason of a skip', () => {
    const text = renderSummary([unit, kernel])
    expect(text).toContain('kernel › a.ts › applies\n      expected 1\n      to be 2')
    expect(text).toContain('no MPTCP here')
    expect(text).toContain('no reason given')
  })

  it('cuts a message of a thousand lines, and says so', () => {
    const message = Array.from({ length: 1000 }, (_, line) => `line ${line}`).join('\n')
    const text = renderSummary([{ ...kernel, failures: [{ name: 'long', message }] }])
    expect(text).toContain('960 more lines')
    expect(text.split('\n').length).toBeLessThan(80)
  })
})

describe('exitCodeOf', () => {
  it('is 0 only when something ran and nothing failed', () => {
    expect(exitCodeOf([unit])).toBe(0)
    expect(exitCodeOf([unit, kernel])).toBe(1)
    expect(exitCodeOf([])).toBe(1)
  })
})
