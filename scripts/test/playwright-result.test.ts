import { describe, expect, it } from 'vitest'
import { namesInReport, parsePlaywrightReport } from './playwright-result.mjs'

const test = (status: string, more = {}) => ({ status, results: [], ...more })
const spec = (title: string, ...tests: ReturnType<typeof test>[]) => ({ title, file: 'a.spec.ts', line: 1, tests })
const report = {
  suites: [
    {
      title: 'a.spec.ts',
      specs: [
        spec('fine', test('expected')),
        spec('bad', test('unexpected', { results: [{ errors: [{ message: '\u001b[31mred\u001b[39m' }] }] })),
      ],
      suites: [
        {
          title: 'deep',
          specs: [
            spec('unsure', test('flaky')),
            spec('later', test('skipped', { annotations: [{ type: 'skip', description: 'no display' }] })),
          ],
        },
      ],
    },
  ],
}

describe('parsePlaywrightReport', () => {
  it('counts tests at every depth; a flaky one has failed', () => {
    expect(parsePlaywrightReport('e2e', report)).toMatchObject({ passed: 1, failed: 2, skipped: 1 })
  })

  it('keeps message and reason as plain text', () => {
    const { failures, skips } = parsePlaywrightReport('e2e', report)
    expect(failures[0]).toEqual({ name: 'a.spec.ts › bad', message: 'red' })
    expect(skips).toEqual([{ name: 'a.spec.ts › deep › later', reason: 'no display' }])
  })

  it('counts a file that could not be loaded', () => {
    expect(parsePlaywrightReport('e2e', { suites: [], errors: [{ message: 'Cannot find module' }] })).toMatchObject({
      failed: 1,
      failures: [{ message: 'Cannot find module' }],
    })
  })
})

describe('namesInReport', () => {
  it('lists what would run', () => {
    expect(namesInReport(report)).toHaveLength(4)
    expect(namesInReport({})).toEqual([])
  })
})
