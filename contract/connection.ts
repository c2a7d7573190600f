import './runtime.ts'
import { createMessageConnection, type Message, type MessageConnection, type MessageReader } from 'vscode-jsonrpc'
import { isJsonRpc } from './envelope.ts'
import { MoleError } from './errors.ts'
import { brokenFrame } from './frame.ts'
import type { Port } from './port.ts'

export type Connection = {
  readonly rpc: MessageConnection
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>
  close(): void
}

/** Something a person may want to know of a connection; never an input or a secret. */
export type LogEntry = {
  /** `refused`: a request the contract does not accept. `failed`: our own fault. `closed`: the peer was cut off. */
  readonly event: 'refused' | 'failed' | 'closed'
  readonly method: string | null
  readonly error: unknown
}
export type Log = (entry: LogEntry) => void

/** Lets JSON-RPC through to vscode-jsonrpc, and reports the first message that is not. */
const guarded = (reader: MessageReader, onForeign: (error: MoleError) => void): MessageReader => ({
  onError: reader.onError,
  onClose: reader.onClose,
  onPartialMessage: reader.onPartialMessage,
  dispose: () => reader.dispose(),
  listen: (callback) =>
    reader.listen((message) => {
      if (isJsonRpc(message)) callback(message)
      else onForeign(brokenFrame('a message that is not JSON-RPC 2.0'))
    }),
})

/** JSON-RPC over a port. A peer that breaks the protocol is told so, without an id (JSON-RPC 2.0, 5.1), and cut off. */
export const openConnection = (port: Port, log: Log = () => {}): Connection => {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const close = (): void => {
    port.writer.end()
    rpc.dispose()
    resolve()
  }
  const cutOff = (error: Error): void => {
    log({ event: 'closed', method: null, error })
    const message = error instanceof MoleError ? error.message : 'The connection broke.'
    const notice = { jsonrpc: '2.0', id: null, error: { code: -32600, message } } as Message
    port.writer.write(notice).catch(() => {})
  }
  const rpc = createMessageConnection(
    guarded(port.reader, (error) => {
      cutOff(error)
      close()
    }),
    port.writer,
  )
  rpc.onError(([error]) => cutOff(error))
  rpc.onClose(close)
  return { rpc, closed, close }
}
