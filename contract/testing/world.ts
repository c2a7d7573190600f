import { z } from 'zod'
import { requireToken } from '../authenticate.ts'
import { call, type Handlers, stream } from '../define.ts'
import { MoleError } from '../errors.ts'
import type { Port } from '../port.ts'
import { type Service, serve } from '../serve.ts'

/** A contract with one method for every way in which a request can go well or wrong. */

const Nothing = z.strictObject({})

/** What became of the handlers, as they themselves saw it. */
export const Ledger = z.strictObject({
  waitsStarted: z.int(),
  waitsAborted: z.int(),
  streamsStarted: z.int(),
  streamsFinished: z.int(),
})
export type Ledger = z.infer<typeof Ledger>

const Failure = z.enum(['error', 'text', 'number', 'null', 'undefined', 'hostile-object', 'mole', 'cause'])

export const worldContract = {
  echo: call(
    'read',
    z.strictObject({ text: z.string(), tags: z.array(z.string()).max(1000).default([]) }),
    z.strictObject({ text: z.string(), tags: z.int() }),
  ),
  change: call('write', Nothing, Nothing),
  keep: call('read', z.strictObject({ value: z.json() }), Nothing),
  /** Answers when it is cancelled, never otherwise. */
  wait: call('read', Nothing, Nothing),
  fail: call('read', z.strictObject({ how: Failure }), Nothing),
  /** Breaks its own promise. */
  lie: call(
    'read',
    z.strictObject({ how: z.enum(['wrong', 'missing', 'extra', 'nothing']) }),
    z.strictObject({ count: z.int() }),
  ),
  large: call('read', z.strictObject({ characters: z.int().min(0) }), z.strictObject({ text: z.string() })),
  ledger: call('read', Nothing, Ledger),
  hangUp: call('write', Nothing, Nothing),

  /** 1 … `count`, as fast as they go. */
  count: stream('read', z.strictObject({ count: z.int() }), z.int()),
  sample: stream('read', z.strictObject({ count: z.int() }), z.int(), 'latest'),
  /** One event, then silence until it is closed. */
  idle: stream('read', Nothing, z.literal('here')),
  /** Two events, then a failure. */
  breakOff: stream('read', z.strictObject({ how: Failure }), z.int()),
  lieLater: stream('read', Nothing, z.int()),
  changeOften: stream('write', Nothing, z.int()),
} as const
export type WorldContract = typeof worldContract

export const TOKEN = 'a-token-of-the-tests'

export type World = {
  readonly ledger: Ledger
  readonly services: Set<Service>
  readonly log: unknown[]
  /** How long a peer may take to present its token. */
  guardMs: number
}

export const makeWorld = (guardMs = 5000): World => ({
  ledger: { waitsStarted: 0, waitsAborted: 0, streamsStarted: 0, streamsFinished: 0 },
  services: new Set(),
  log: [],
  guardMs,
})

export const SECRET = 'the detail that only the log may have'

/** Everything that JavaScript lets one throw. */
const throwables: Record<z.infer<typeof Failure>, () => unknown> = {
  error: () => new Error(SECRET),
  text: () => SECRET,
  number: () => 42,
  null: () => null,
  undefined: () => undefined,
  'hostile-object': () => ({
    get message() {
      throw new Error(SECRET)
    },
  }),
  mole: () => new MoleError('conflict', 'Somebody else is writing.', { field: 'state', nextStep: 'Try again.' }),
  cause: () => new MoleError('timeout', 'It took too long.', {}, { cause: new Error(SECRET) }),
}
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })

async function* upTo(count: number): AsyncGenerator<number> {
  for (let n = 1; n <= count; n += 1) yield n
}

export const worldHandlers = ({ ledger, services }: World): Handlers<WorldContract> => {
  async function* noted<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
    ledger.streamsStarted += 1
    try {
      yield* events
    } finally {
      ledger.streamsFinished += 1
    }
  }
  return {
    echo: async ({ text, tags }) => ({ text, tags: tags.length }),
    change: async () => ({}),
    keep: async () => ({}),
    wait: async (_, { signal }) => {
      ledger.waitsStarted += 1
      await aborted(signal)
      ledger.waitsAborted += 1
      throw new Error('aborted')
    },
    fail: async ({ how }) => {
      throw throwables[how]()
    },
    lie: async ({ how }) => {
      const lies = { wrong: { count: 'many' }, missing: {}, extra: { count: 1, more: SECRET }, nothing: undefined }
      return lies[how] as { count: number }
    },
    large: async ({ characters }) => ({ text: 'x'.repeat(characters) }),
    ledger: async () => ledger,
    hangUp: async () => {
      for (const service of services) service.close()
      return {}
    },
    count: ({ count }) => noted(upTo(count)),
    sample: ({ count }) => noted(upTo(count)),
    idle: (_, { signal }) =>
      noted(
        (async function* () {
          yield 'here' as const
          await aborted(signal)
        })(),
      ),
    breakOff: ({ how }) =>
      noted(
        (async function* () {
          yield* upTo(2)
          throw throwables[how]()
        })(),
      ),
    lieLater: () =>
      noted(
        (async function* () {
          yield 1
          yield SECRET as unknown as number
        })(),
      ),
    changeOften: () => noted(upTo(1)),
  }
}

/** Serves one connection of a world, behind its token. Never rejects. */
export const serveWorld = async (world: World, port: Port): Promise<void> => {
  const guarded = await requireToken(port, TOKEN, world.guardMs).catch((error: unknown) => void world.log.push(error))
  if (guarded === undefined) return
  const service = serve(worldContract, worldHandlers(world), guarded, {
    log: (entry) => world.log.push(entry),
    // Long enough for a reader that keeps up on a machine that is busy otherwise.
    limits: { streamQueue: 128, slowReaderMs: 750 },
  })
  world.services.add(service)
  await service.closed
  world.services.delete(service)
}
