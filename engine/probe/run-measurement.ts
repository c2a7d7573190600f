import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { MoleError } from '../../contract/errors.ts'
import { MeasureEvent, type MeasureRequest } from '../../contract/probe.ts'
import { enterNamespaces, LAB_ENVIRONMENT, mustFindProgram } from '../cloud/lab/programs.ts'
import { measuringProgram } from '../host/helper-program.ts'
import { observeLabWorld } from '../host/lab-world.ts'
import type { HelperProgram } from '../host/start-helper.ts'

/** Where it is measured from: this machine, or the DTN of the lab. */
export type Place = 'here' | 'lab'

/**
 * Measures, and tells what it finds as it finds it. Once `signal` aborts it rejects within a second, with nothing left running.
 * @throws MoleError when nothing can be measured at all; what one piece lacks is an event.
 */
export type Measure = (
  place: Place,
  request: MeasureRequest,
  hear: (event: MeasureEvent) => void,
  signal: AbortSignal,
) => Promise<void>

/** The program ends by itself when its stdin does; this long it may take. */
const LEAVE_LIMIT_MS = 500

const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

const failed = (code: number | null, lastWords: string): MoleError =>
  new MoleError('internal', `The program that measures ended unexpectedly (${code ?? 'killed'}).`, {
    field: 'probe',
    meaning: lastWords === '' ? 'It said nothing.' : `It said: ${lastWords.slice(0, 300)}`,
    nextStep: 'Run the probe again. If it fails again, "mole doctor" tells what this machine lacks.',
  })

/** What cannot be read is of another version, and of no use. */
const parseEvent = (line: string): MeasureEvent | null => {
  try {
    return MeasureEvent.parse(JSON.parse(line))
  } catch {
    return null
  }
}

const readEvents = async (output: Readable, hear: (event: MeasureEvent) => void): Promise<void> => {
  for await (const line of createInterface({ input: output })) {
    const event = parseEvent(line)
    if (event !== null) hear(event)
  }
}

const lastLines = (output: Readable): (() => string) => {
  let text = ''
  output.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-2048)
  })
  return () => text.trim().split('\n').at(-1) ?? ''
}

/** What is run; in the lab as `mole run` does (nsenter(1)). */
const commandFor = async (
  place: Place,
  labDirectory: string,
  { node, entry }: HelperProgram,
): Promise<[string, ...string[]]> => {
  const program = [node, measuringProgram(entry), 'measure'] as const
  if (place === 'here') return [...program]
  const { pid } = await observeLabWorld(labDirectory)
  return [await mustFindProgram('nsenter'), ...enterNamespaces(pid), ...program]
}

/**
 * Runs the program that measures, as whoever runs the engine: it needs no privilege.
 * @param helper how the helper is run, beside which it lies
 */
export const openMeasurement =
  (labDirectory: string, helper: HelperProgram): Measure =>
  async (place, request, hear, signal) => {
    const [path, ...argv] = await commandFor(place, labDirectory, helper)
    signal.throwIfAborted()
    const env = { ...LAB_ENVIRONMENT, ...helper.env }
    // A group of its own, which is ended as a whole.
    const child = spawn(path, argv, { cwd: '/', env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    const closed = once(child, 'close') as Promise<[number | null]>
    const lastWords = lastLines(child.stderr)
    let limit: NodeJS.Timeout | undefined
    const leave = (): void => {
      child.stdin.end()
      limit = setTimeout(() => endGroup(child), LEAVE_LIMIT_MS)
    }
    child.stdin.on('error', () => undefined)
    signal.addEventListener('abort', leave, { once: true })
    try {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const [[code]] = await Promise.all([closed, readEvents(child.stdout, hear)])
      signal.throwIfAborted()
      if (code !== 0) throw failed(code, lastWords())
    } finally {
      clearTimeout(limit)
      signal.removeEventListener('abort', leave)
      endGroup(child)
    }
  }
