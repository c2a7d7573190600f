import { CancellationToken, CancellationTokenSource, ParameterStructures } from 'vscode-jsonrpc'
import { openConnection } from './connection.ts'
import type { Client, Contract } from './define.ts'
import { MoleError } from './errors.ts'
import { type IncomingStream, incomingStream } from './incoming-stream.ts'
import type { Port } from './port.ts'
import {
  STREAM_ACK,
  STREAM_CLOSE,
  STREAM_END,
  STREAM_EVENT,
  STREAM_OPEN,
  StreamEnd,
  StreamEvent,
} from './stream-protocol.ts'
import { cancelled, disconnected, parseProblem, parseRejection } from './wire-error.ts'

type Options = { readonly signal?: AbortSignal }

/** The typed client of whoever serves `contract` at the other end of `port`. */
export const connect = <C extends Contract>(contract: C, port: Port): Client<C> => {
  const { rpc, closed, close } = openConnection(port)
  const streams = new Map<number, IncomingStream<unknown>>()
  let streamCount = 0

  const request = async (method: string, input: unknown, token = CancellationToken.None): Promise<unknown> => {
    try {
      return await rpc.sendRequest(method, ParameterStructures.byName, input, token)
    } catch (error) {
      throw parseRejection(error)
    }
  }

  /** A notification nobody waits for: when it cannot be sent, the connection is gone, and that is told elsewhere. */
  const notify = async (method: string, fields: object): Promise<void> => {
    try {
      await rpc.sendNotification(method, fields)
    } catch {}
  }

  const call = (method: string, input: unknown, { signal }: Options = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!Object.hasOwn(contract, method)) return reject(notInContract(method))
      if (signal?.aborted) return reject(cancelled())
      const source = new CancellationTokenSource()
      const abort = (): void => {
        source.cancel()
        reject(cancelled())
      }
      signal?.addEventListener('abort', abort, { once: true })
      const done = request(method, input, source.token).then(resolve, reject)
      void done.finally(() => signal?.removeEventListener('abort', abort))
    })

  const openStream = (method: string, input: unknown, signal?: AbortSignal): AsyncIterator<unknown, undefined> => {
    streamCount += 1
    const number = streamCount
    const stream = incomingStream<unknown>({
      acknowledge: (seq) => void notify(STREAM_ACK, { stream: number, seq }),
      onOver: (byReader) => {
        signal?.removeEventListener('abort', abort)
        if (streams.delete(number) && byReader) void notify(STREAM_CLOSE, { stream: number })
      },
    })
    const abort = (): void => stream.leave(cancelled())
    if (!Object.hasOwn(contract, method)) stream.end(notInContract(method))
    else if (signal?.aborted) stream.end(cancelled())
    else {
      signal?.addEventListener('abort', abort, { once: true })
      streams.set(number, stream)
      request(STREAM_OPEN, { stream: number, method, input }).catch((error) => stream.end(error))
    }
    return stream.iterator
  }

  rpc.onNotification((method, params) => {
    if (method === STREAM_EVENT) {
      const { stream, seq, event } = StreamEvent.parse(params)
      streams.get(stream)?.deliver(seq, event)
    } else if (method === STREAM_END) {
      const { stream, error } = StreamEnd.parse(params)
      streams.get(stream)?.end(error === null ? null : parseProblem(error))
    }
  })
  void closed.then(() => {
    for (const stream of [...streams.values()]) stream.end(disconnected())
  })
  rpc.listen()

  return {
    call: call as Client<C>['call'],
    stream: ((method: string, input: unknown, { signal }: Options = {}) => ({
      [Symbol.asyncIterator]: () => openStream(method, input, signal),
    })) as Client<C>['stream'],
    closed,
    close,
  }
}

const notInContract = (method: string): MoleError =>
  new MoleError('not-found', `This contract has no "${method}".`, { field: 'method' })
