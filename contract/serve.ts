import type { CancellationToken } from 'vscode-jsonrpc'
import { z } from 'zod'
import { type Log, openConnection } from './connection.ts'
import type { Access, CallDefinition, Contract, Handlers, StreamDefinition } from './define.ts'
import { badInput, MoleError } from './errors.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { type OutgoingStream, startOutgoingStream } from './outgoing-stream.ts'
import type { Port } from './port.ts'
import {
  STREAM_ACK,
  STREAM_CLOSE,
  STREAM_END,
  STREAM_EVENT,
  STREAM_OPEN,
  StreamAck,
  StreamClose,
  StreamOpen,
} from './stream-protocol.ts'
import { cancelled, internal, renderProblem, renderResponseError } from './wire-error.ts'

export type ServeOptions = {
  /** What this connection may do at most; `write` (everything) by default. */
  readonly access?: Access
  /** Told of refused requests and of our own failures, with the detail that the peer does not get. */
  readonly log?: Log
  readonly limits?: Partial<Limits>
}

export type Service = {
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>
  close(): void
}

type Handler = (input: unknown, context: { signal: AbortSignal }) => unknown
type OpenStream = OutgoingStream & { readonly abort: AbortController }

/**
 * Answers the requests of one connection with `handlers`. Inputs, outputs and events are validated against the
 * contract; whatever else a peer sends is refused. When the peer goes, every handler's signal aborts.
 */
export const serve = <C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  port: Port,
  options: ServeOptions = {},
): Service => {
  const { access = 'write', log = () => {} } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const { rpc, closed, close } = openConnection(port, log)
  const calls = new Set<AbortController>()
  const streams = new Map<number, OpenStream>()
  let busyStreams = 0

  const definitionOf = <K extends 'call' | 'stream'>(kind: K, method: string): Extract<C[string], { kind: K }> => {
    const definition = Object.hasOwn(contract, method) ? contract[method] : undefined
    if (definition?.kind !== kind) throw unknownMethod(kind, method)
    if (definition.access === 'write' && access === 'read') throw readOnly(method)
    return definition as Extract<C[string], { kind: K }>
  }
  const handlerOf = (method: string): Handler => handlers[method as keyof Handlers<C>] as Handler

  /** What the caller is told of an error; what it is not told goes to the log. */
  const explain = (error: unknown, method: string, signal?: AbortSignal): MoleError => {
    if (error instanceof MoleError) {
      log({ event: 'refused', method, error })
      return error
    }
    if (signal?.aborted) return cancelled()
    log({ event: 'failed', method, error })
    return internal()
  }

  const answer = async (method: string, params: unknown, abort: AbortController): Promise<unknown> => {
    const definition = definitionOf('call', method) as CallDefinition
    if (calls.size > limits.concurrentCalls) throw tooMany('calls', limits.concurrentCalls)
    const input = parseInput(definition.input, params, method)
    return definition.output.parse(await handlerOf(method)(input, { signal: abort.signal }))
  }

  const onCall = async (method: string, params: unknown, token: CancellationToken): Promise<unknown> => {
    const abort = new AbortController()
    token.onCancellationRequested(() => abort.abort())
    calls.add(abort)
    try {
      if (token.isCancellationRequested) throw cancelled()
      return await answer(method, params, abort)
    } catch (error) {
      return renderResponseError(explain(error, method, abort.signal))
    } finally {
      calls.delete(abort)
    }
  }

  const openStream = (params: unknown): void => {
    const { stream, method, input } = parseInput(StreamOpen, params, STREAM_OPEN)
    const definition = definitionOf('stream', method) as StreamDefinition
    if (streams.has(stream)) throw new MoleError('bad-input', `Stream ${stream} is already open.`, { field: 'stream' })
    if (busyStreams >= limits.concurrentStreams) throw tooMany('streams', limits.concurrentStreams)
    const parsed = parseInput(definition.input, input, method)
    streams.set(stream, start(stream, method, parsed, definition))
  }

  const start = (stream: number, method: string, input: unknown, definition: StreamDefinition): OpenStream => {
    const abort = new AbortController()
    const notify = async (name: string, fields: object): Promise<void> =>
      rpc.sendNotification(name, { stream, ...fields })
    busyStreams += 1
    const outgoing = startOutgoingStream({
      delivery: definition.delivery,
      limits,
      abort,
      events: () => validated(handlerOf(method)(input, { signal: abort.signal }), definition.event),
      send: (seq, event) => notify(STREAM_EVENT, { seq, event }),
      onEnd: (failure) => {
        streams.delete(stream)
        const error = failure === null ? null : renderProblem(explain(failure.error, method))
        notify(STREAM_END, { error }).catch(() => {})
      },
    })
    void outgoing.settled.then(() => {
      busyStreams -= 1
    })
    return { ...outgoing, abort }
  }

  const closeStream = (stream: number): void => {
    streams.get(stream)?.abort.abort()
    streams.delete(stream)
  }

  rpc.onRequest(async (method, params, token) => {
    if (method !== STREAM_OPEN) return onCall(method, params, token)
    try {
      openStream(params)
      return null
    } catch (error) {
      return renderResponseError(explain(error, method))
    }
  })
  rpc.onNotification((method, params) => {
    if (method === STREAM_CLOSE) closeStream(StreamClose.parse(params).stream)
    if (method !== STREAM_ACK) return
    const { stream, seq } = StreamAck.parse(params)
    streams.get(stream)?.acknowledge(seq)
  })
  void closed.then(() => {
    for (const abort of calls) abort.abort()
    for (const stream of [...streams.keys()]) closeStream(stream)
  })
  rpc.listen()
  return { closed, close }
}

async function* validated(events: unknown, definition: z.ZodType): AsyncIterable<unknown> {
  for await (const event of events as AsyncIterable<unknown>) yield definition.parse(event)
}

const parseInput = <T extends z.ZodType>(definition: T, input: unknown, what: string): z.output<T> => {
  try {
    return definition.parse(input)
  } catch (error) {
    if (error instanceof z.ZodError) throw badInput(error, what)
    if (error instanceof RangeError) throw new MoleError('bad-input', `${what}: is nested too deeply.`)
    throw error
  }
}

const shown = (method: string): string => (method.length > 80 ? `${method.slice(0, 80)}…` : method)

const unknownMethod = (kind: string, method: string): MoleError =>
  new MoleError('not-found', `There is no ${kind} named "${shown(method)}".`, {
    field: 'method',
    meaning: 'The two sides may be of different versions.',
    nextStep: 'Restart Cloud Mole so that both are the same version.',
  })

const readOnly = (method: string): MoleError =>
  new MoleError('denied', `"${method}" changes something, and this connection may only read.`, {
    field: 'method',
    meaning: 'Nothing was changed.',
  })

const tooMany = (what: string, most: number): MoleError =>
  new MoleError('capacity', `More than ${most} ${what} at once on one connection.`, {
    field: what,
    meaning: 'This one was not started.',
    nextStep: 'Wait until others have ended and try again.',
  })
