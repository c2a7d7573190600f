import type { CancellationToken } from 'vscode-jsonrpc'
import { type Log, openConnection } from './connection.ts'
import type { Access, CallDefinition, Contract, Handlers, StreamDefinition } from './define.ts'
import { MoleError } from './errors.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { Port } from './port.ts'
import { parseInput, readOnly, tooMany, unknownMethod } from './refusals.ts'
import { streamServer } from './serve-streams.ts'
import { STREAM_ACK, STREAM_CLOSE, STREAM_OPEN } from './stream-protocol.ts'
import { cancelled, internal, renderResponseError } from './wire-error.ts'

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
type Definitions = { readonly call: CallDefinition; readonly stream: StreamDefinition }

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

  const definitionOf = <K extends 'call' | 'stream'>(kind: K, method: string): Definitions[K] => {
    const definition = Object.hasOwn(contract, method) ? contract[method] : undefined
    if (definition?.kind !== kind) throw unknownMethod(kind, method)
    if (definition.access === 'write' && access === 'read') throw readOnly(method)
    return definition as unknown as Definitions[K]
  }

  const start = (method: string, input: unknown, signal: AbortSignal): unknown =>
    (handlers[method as keyof Handlers<C>] as Handler)(input, { signal })

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

  const answer = async (method: string, params: unknown, signal: AbortSignal): Promise<unknown> => {
    const { input, output } = definitionOf('call', method)
    if (calls.size > limits.concurrentCalls) throw tooMany('calls', limits.concurrentCalls)
    return output.parse(await start(method, parseInput(input, params, method), signal))
  }

  const onCall = async (method: string, params: unknown, token: CancellationToken): Promise<unknown> => {
    const abort = new AbortController()
    token.onCancellationRequested(() => abort.abort())
    calls.add(abort)
    try {
      if (token.isCancellationRequested) throw cancelled()
      return await answer(method, params, abort.signal)
    } catch (error) {
      return renderResponseError(explain(error, method, abort.signal))
    } finally {
      calls.delete(abort)
    }
  }

  const streams = streamServer({
    rpc,
    limits,
    definitionOf: (method) => definitionOf('stream', method),
    start,
    explain,
  })

  rpc.onRequest(async (method, params, token) => {
    if (method !== STREAM_OPEN) return onCall(method, params, token)
    try {
      streams.open(params)
      return null
    } catch (error) {
      return renderResponseError(explain(error, method))
    }
  })
  rpc.onNotification((method, params) => {
    if (method === STREAM_ACK) streams.acknowledge(params)
    if (method === STREAM_CLOSE) streams.close(params)
  })
  void closed.then(() => {
    for (const abort of calls) abort.abort()
    streams.closeAll()
  })
  rpc.listen()
  return { closed, close }
}
