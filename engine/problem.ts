import { types } from 'node:util'
import type { Problem } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import type { Log } from './log.ts'

/** An error as a value, for views. What was not foreseen becomes `internal`; its detail goes to the log only. */
export const problemOf = (error: unknown, log: Log): Problem => {
  if (error instanceof MoleError) return { code: error.code, message: error.message, data: error.data }
  log.error({ error: types.isNativeError(error) ? (error.stack ?? error.message) : String(error) }, 'unforeseen error')
  return {
    code: 'internal',
    message: 'Something happened that Cloud Mole did not foresee.',
    data: {
      meaning: 'The act was stopped; the detail is in the log.',
      nextStep: 'Look at engine.log in the state directory, then try again.',
    },
  }
}

export const errorOf = (problem: Problem): MoleError => new MoleError(problem.code, problem.message, problem.data)

export const cancelled = (what: string): MoleError => new MoleError('cancelled', `${what} was cancelled.`)
