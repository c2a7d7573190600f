import { MeasureEvent } from '../../contract/probe.ts'
import { makeChildren } from '../probe/children.ts'
import { measure } from '../probe/measure.ts'

/*
 * Measures inside a test's world: stdin is `{request, until}`, stdout the events, a line each. At the first event that holds the
 * text `until` it is cancelled.
 */
let text = ''
for await (const chunk of process.stdin) text += String(chunk)
const { request, until } = JSON.parse(text) as { request: unknown; until: string | null }

const stop = new AbortController()
const runner = makeChildren(stop.signal)
await measure(JSON.stringify(request), {
  signal: stop.signal,
  runner,
  emit: (event) => {
    const line = JSON.stringify(MeasureEvent.parse(event))
    process.stdout.write(`${line}\n`)
    if (until !== null && line.includes(until)) stop.abort()
  },
})
await runner.allEnded()
