import { MoleError } from '../../contract/errors.ts'
import type { MeasureEvent } from '../../contract/probe.ts'
import type { PartProblem } from '../../domain/probe/report.ts'
import type { Runner } from '../run.ts'

/** What a measurement is given: where to tell, when to stop, and by what to start programs, which end with it. */
export type MeasureContext = {
  readonly emit: (event: MeasureEvent) => void
  readonly signal: AbortSignal
  readonly runner: Runner
}

/** What a person is told of an error: of one that nobody foresaw its own words. */
export const problemOf = (error: unknown): PartProblem =>
  error instanceof MoleError
    ? { message: error.message, meaning: error.data.meaning ?? null, nextStep: error.data.nextStep ?? null }
    : {
        message: `It failed: ${error instanceof Error ? error.message : String(error)}.`,
        meaning: 'This was not foreseen, and nothing was measured by it.',
        nextStep: 'Run the probe again; if it fails again, report it with this message.',
      }
