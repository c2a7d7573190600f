import { describe, expect, it } from 'vitest'
import { measure } from './measure.ts'
import { eventsOf, hearing, recordedRunner } from './testing/heard.ts'

const problemsOf = async (line: string, signal?: AbortSignal) => {
  const context = hearing(recordedRunner({}), signal)
  await measure(line, context)
  return eventsOf(context.events, 'problem')
}

describe('a request', () => {
  it.each([
    '',
    'measure everything',
    '{"do":"everything"}',
    '{"do":"interface"}',
    '{"do":"interface","towards":"a;b"}',
    '{"do":"interface","towards":"--help"}',
    '{"do":"interface","towards":"-4"}',
    '{"do":"interface","towards":"192.0.2.1\\n192.0.2.2"}',
  ])('that is none (%j) is a problem, and not the end', async (line) => {
    expect(await problemsOf(line)).toMatchObject([{ of: 'request', problem: { message: expect.any(String) } }])
  })

  it('that fails is a problem of its own', async () => {
    expect(await problemsOf('{"do":"interface","towards":"127.0.0.1"}')).toMatchObject([{ of: 'interface' }])
  })

  it('that was cancelled says nothing', async () => {
    expect(await problemsOf('{"do":"interface","towards":"127.0.0.1"}', AbortSignal.abort())).toEqual([])
  })
})
