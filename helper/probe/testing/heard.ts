import type { MeasureEvent } from '../../../contract/probe.ts'
import type { Program, Runner, RunResult } from '../../run.ts'
import type { MeasureContext } from '../context.ts'

/** Programs by their command line, and what they say; what is not among them is not installed, or refused. */
type Said = Readonly<Record<string, Partial<RunResult>>>

/** A runner that starts nothing: it says what was recorded, and refuses what it does not know. */
export const recordedRunner = (said: Said, missing: (program: Program) => Error | null = () => null): Runner => ({
  pathOf: (program) => `/usr/bin/${program}`,
  start: () => {
    throw new Error('nothing lasting is started here')
  },
  run: async (program, argv) => {
    const error = missing(program)
    if (error !== null) throw error
    const line = [program, ...argv].join(' ')
    const answer = said[line]
    if (answer === undefined) throw new Error(`unknown command line: ${line}`)
    return { stdout: '', stderr: '', code: 0, ...answer }
  },
})

/** A context that keeps what is told. */
export const hearing = (
  runner: Runner,
  signal: AbortSignal = new AbortController().signal,
): MeasureContext & { readonly events: MeasureEvent[] } => {
  const events: MeasureEvent[] = []
  return { runner, signal, events, emit: (event) => void events.push(event) }
}

export const eventsOf = <Kind extends MeasureEvent['kind']>(
  events: readonly MeasureEvent[],
  kind: Kind,
): Extract<MeasureEvent, { kind: Kind }>[] =>
  events.filter((event): event is Extract<MeasureEvent, { kind: Kind }> => event.kind === kind)
