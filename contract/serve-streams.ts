import type { MessageConnection } from 'vscode-jsonrpc'
import type { z } from 'zod'
import type { StreamDefinition } from './define.ts'
import { MoleError } from './errors.ts'
import type { Limits } from './limits.ts'
import { type OutgoingStream, startOutgoingStream } from './outgoing-stream.ts'
import { parseInput, tooMany } from './refusals.ts'
import { STREAM_END, STREAM_EVENT, STREAM_OPEN, StreamAck, StreamClose, StreamOpen } from './stream-protocol.ts'
import { renderProblem } from './wire-error.ts'

/** The streams of one connection. */
export type StreamServer = {
  /** @throws MoleError when it is not opened */
  open(params: unknown): void
  acknowledge(params: unknown): void
  close(params: unknown): void
  closeAll(): void
}

type StreamServerOptions = {
  readonly rpc: MessageConnection
  readonly limits: Limits
  /** @throws MoleError when there is no such stream or this connection may not open it */
  definitionOf(method: string): StreamDefinition
  /** Starts the handler. */
  start(method: string, input: unknown, signal: AbortSignal): unknown
  /** What the reader is told of an error. */
  explain(error: unknown, method: string): MoleError
}

type OpenStream = OutgoingStream & { readonly abort: AbortController }

async function* validated(events: unknown, definition: z.ZodType): AsyncIterable<unknown> {
  for await (const event of events as AsyncIterable<unknown>) yield definition.parse(event)
}

/** Opens, feeds and closes streams as their readers ask; see stream-protocol.ts. */
export const streamServer = ({ rpc, limits, definitionOf, start, explain }: StreamServerOptions): StreamServer => {
  const streams = new Map<number, OpenStream>()
  /** Streams whose handler has not come to its end, though they may be closed. */
  let busy = 0

  const feed = (stream: number, method: string, input: unknown, definition: StreamDefinition): OpenStream => {
    const abort = new AbortController()
    const notify = async (name: string, fields: object): Promise<void> =>
      rpc.sendNotification(name, { stream, ...fields })
    busy += 1
    const outgoing = startOutgoingStream({
      delivery: definition.delivery,
      limits,
      abort,
      events: () => validated(start(method, input, abort.signal), definition.event),
      send: (seq, event) => notify(STREAM_EVENT, { seq, event }),
      onEnd: (failure) => {
        streams.delete(stream)
        const error = failure === null ? null : renderProblem(explain(failure.error, method))
        notify(STREAM_END, { error }).catch(() => {})
      },
    })
    void outgoing.settled.then(() => {
      busy -= 1
    })
    return { ...outgoing, abort }
  }

  const close = (stream: number): void => {
    streams.get(stream)?.abort.abort()
    streams.delete(stream)
  }

  return {
    open: (params) => {
      const { stream, method, input } = parseInput(StreamOpen, params, STREAM_OPEN)
      const definition = definitionOf(method)
      if (streams.has(stream))
        throw new MoleError('bad-input', `Stream ${stream} is already open.`, { field: 'stream' })
      if (busy >= limits.concurrentStreams) throw tooMany('streams', limits.concurrentStreams)
      streams.set(stream, feed(stream, method, parseInput(definition.input, input, method), definition))
    },
    acknowledge: (params) => {
      const { stream, seq } = StreamAck.parse(params)
      streams.get(stream)?.acknowledge(seq)
    },
    close: (params) => close(StreamClose.parse(params).stream),
    closeAll: () => {
      for (const stream of [...streams.keys()]) close(stream)
    },
  }
}
