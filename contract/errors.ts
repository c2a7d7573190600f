import { z } from 'zod'

/** Every way in which a request can fail that a caller may act on. */
export const ErrorCode = z.enum([
  'bad-input', // the request is not one this contract accepts
  'denied', // the caller may not do this
  'not-available', // this machine, kernel or version cannot do it
  'missing-program', // a system program is not installed
  'namespaces-restricted', // the kernel or AppArmor refuses unprivileged user namespaces
  'conflict', // somebody else is writing, or the state forbids it
  'not-found',
  'drift', // the world is not as we left it
  'timeout',
  'cancelled',
  'interrupted', // the engine ended in the middle of an act; asking again continues it
  'capacity',
  'quota-exceeded',
  'credentials-expired',
  'helper-unreachable',
  'engine-unreachable',
  'slow-reader', // a stream's reader fell behind by more than its bound
  'disconnected',
  'internal', // unforeseen; the detail is only in the log
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** Characters there may be of each. */
const MOST = { field: 200, meaning: 2000, nextStep: 2000 } as const

/** What a person needs to act on an error. */
export const ErrorData = z.strictObject({
  /** The field, part or program concerned, e.g. `tunnels` or `wg`. */
  field: z.string().max(MOST.field).optional(),
  /** What it means for the person. */
  meaning: z.string().max(MOST.meaning).optional(),
  /** What to do next. */
  nextStep: z.string().max(MOST.nextStep).optional(),
})
export type ErrorData = z.infer<typeof ErrorData>

const clip = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** A path may be longer than a field: what does not fit is cut, for the other side would refuse the error whole. */
const fitted = (data: ErrorData): ErrorData =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, text && clip(text, MOST[key as keyof ErrorData])]))

/** The one error that crosses a process boundary. `message` is one sentence saying what happened. */
export class MoleError extends Error {
  readonly code: ErrorCode
  readonly data: ErrorData

  constructor(code: ErrorCode, message: string, data: ErrorData = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MoleError'
    this.code = code
    this.data = fitted(data)
  }
}

/** Names and messages may quote what a hostile peer sent; they stay short. */
const quoted = (text: string): string => clip(text, 200)

/** Turns a zod failure into `bad-input`, naming the first field and saying how many more there are. */
export const badInput = (error: z.ZodError, what: string): MoleError => {
  const [first, ...more] = error.issues
  const field = quoted(first?.path.map(String).join('.') || what)
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`
  return new MoleError('bad-input', `${what}: ${field}: ${quoted(first?.message ?? 'is not acceptable')}${others}`, {
    field,
    meaning: 'Nothing was changed.',
    nextStep: `Correct "${field}" and try again.`,
  })
}
