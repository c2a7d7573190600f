import { expect, it } from 'vitest'
import { reportOf } from '../../e2e/support/fake-probe.ts'
import { ended } from './part-states.ts'

const running = (problems: readonly (string | null)[]) => {
  const report = reportOf()
  const [reached] = report.latency.result?.regions ?? []
  if (reached === undefined) throw new Error('the report has regions')
  const regions = problems.map((problem) => ({ ...reached, trips: problem === null ? reached.trips : null, problem }))
  const result = { target: null, problem: null, regions }
  return { ...report, latency: { ...report.latency, state: 'running' as const, endedAtMs: null, result } }
}

it('round trips of which one region tells are done', () => {
  expect(ended(running(['DNS does not know it.', null]), 'latency', 5).latency).toMatchObject({
    state: 'done',
    endedAtMs: 5,
    problem: null,
  })
})

it.each([
  [['DNS does not know it.'], 'The region was not reached.'],
  [['DNS does not know it.', 'No answer.'], 'None of 2 regions was reached.'],
])('round trips to regions that were not reached say so, and why: %j', (problems, message) => {
  expect(ended(running(problems), 'latency', 5).latency).toMatchObject({
    state: 'failed',
    problem: { message, meaning: 'DNS does not know it.', nextStep: expect.stringContaining('TCP port 443') },
  })
})
