import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { runAnswerer } from './answer/run-answerer.ts'
import { type ProbeArguments, parseProbeArguments } from './arguments.ts'
import { makeChildren } from './children.ts'
import { problemOf } from './context.ts'
import { measure } from './measure.ts'

/*
 * The program that measures, and the one that answers it. Neither needs any privilege. `measure` reads one request (a line of
 * JSON) from stdin, and tells what it finds as lines of JSON; both end, with all that they started, when stdin does.
 */

/** Killed children are gone at once; one that the kernel holds back is not waited for longer. */
const PATIENCE_MS = 300

const stop = new AbortController()
const children = makeChildren(stop.signal)

const leave = async (code: number): Promise<never> => {
  stop.abort()
  await Promise.race([children.allEnded(), sleep(PATIENCE_MS)])
  process.exit(code)
}

const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

const run = async (asked: ProbeArguments, firstLine: Promise<string>): Promise<void> => {
  const context = { emit: say, signal: stop.signal, runner: children }
  if (asked.verb === 'answer') await runAnswerer(asked, { ...context, say })
  else await measure(await firstLine, context)
}

// Who reads has gone.
process.stdout.on('error', () => void leave(0))
process.stderr.on('error', () => undefined)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void leave(0))

const lines = createInterface({ input: process.stdin })
const firstLine = new Promise<string>((resolve) => {
  lines.once('line', resolve)
})
lines.once('close', () => void leave(0))
process.stdin.on('error', () => void leave(0))

try {
  await run(parseProbeArguments(process.argv.slice(2)), firstLine)
  await leave(0)
} catch (error) {
  const { message, meaning, nextStep } = problemOf(error)
  process.stderr.write(`${[message, meaning, nextStep].filter((text) => text !== null).join(' ')}\n`)
  await leave(1)
}
