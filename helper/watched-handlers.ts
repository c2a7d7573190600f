import type { Handlers, RequestContext } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import { type HelperContract, helperContract } from '../contract/helper.ts'
import type { Audit } from './audit.ts'

export type Watch = {
  readonly audit: Audit
  readonly uid: number
  readonly generation: () => number
  /** Errors that have left their line already. */
  readonly told: WeakSet<object>
  /** Asked before each request. @throws MoleError when the caller may not, or not now. */
  readonly admit: () => void
}

type Call = (input: unknown, context: RequestContext) => Promise<unknown>
type Stream = (input: unknown, context: RequestContext) => AsyncIterable<unknown>

const outcomeOf = (error: unknown): { outcome: string; detail: string } =>
  error instanceof MoleError
    ? { outcome: error.code, detail: error.message }
    : { outcome: 'internal', detail: error instanceof Error ? error.message : 'unknown' }

/** Checks every request anew, and leaves one audit line for each when it has ended. */
export const watchedHandlers = (handlers: Handlers<HelperContract>, watch: Watch): Handlers<HelperContract> => {
  const begin = (verb: string): ((error?: unknown) => void) => {
    const startMs = performance.now()
    return (error) => {
      const result = error === undefined ? { outcome: 'ok' } : outcomeOf(error)
      if (error instanceof Error) watch.told.add(error)
      const ms = Math.round(performance.now() - startMs)
      watch.audit({ event: 'call', uid: watch.uid, verb, generation: watch.generation(), ms, ...result })
    }
  }

  const call =
    (verb: string, handler: Call): Call =>
    async (input, context) => {
      const end = begin(verb)
      try {
        watch.admit()
        const output = await handler(input, context)
        end()
        return output
      } catch (error) {
        end(error)
        throw error
      }
    }

  const stream = (verb: string, handler: Stream): Stream =>
    async function* (input, context) {
      const end = begin(verb)
      let failure: unknown
      try {
        watch.admit()
        yield* handler(input, context)
      } catch (error) {
        failure = error
        throw error
      } finally {
        end(failure)
      }
    }

  const watched = Object.entries(helperContract).map(([verb, definition]) => {
    const handler = handlers[verb as keyof HelperContract]
    return [verb, definition.kind === 'call' ? call(verb, handler as Call) : stream(verb, handler as Stream)]
  })
  return Object.fromEntries(watched) as Handlers<HelperContract>
}
