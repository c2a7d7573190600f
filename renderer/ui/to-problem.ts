import type { Problem } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'

/** Any thrown thing as a problem to show. What is not ours is a fault of the panel itself and says so. */
export const toProblem = (error: unknown): Problem =>
  error instanceof MoleError
    ? { code: error.code, message: error.message, data: error.data }
    : {
        code: 'internal',
        message: error instanceof Error ? error.message : String(error),
        data: { meaning: 'This is a fault of the panel.', nextStep: 'Reload the page; if it comes back, report it.' },
      }
