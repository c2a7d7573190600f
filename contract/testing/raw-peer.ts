import { presentToken } from '../authenticate.ts'
import type { Line } from './transports.ts'
import { TOKEN } from './world.ts'

type Fields = Readonly<Record<string, unknown>>

/** An answer as it came: `code` is that of its error, `null` when there is none. */
export type Answer = { readonly code: string | null; readonly result: unknown; readonly text: string }

export type RawPeer = {
  /** Everything that came, in order. */
  readonly seen: readonly Fields[]
  /** Sends a request with a number of its own and `params` as JSON text, and waits for the answer. */
  ask(method: string, params: string): Promise<Answer>
  sendFrame(text: string): void
  /** Waits until something came for which `find` gives a value; rejects when the connection closes before. */
  until<T>(find: (seen: readonly Fields[]) => T | undefined): Promise<T>
  readonly closed: Promise<void>
  leave(): void
}

const answerOf = (message: Fields): Answer => {
  const error = message.error as { data?: { code?: string } } | undefined
  const code = error === undefined ? null : (error.data?.code ?? 'no code')
  return { code, result: message.result, text: JSON.stringify(message) }
}

/** A peer that is not held to the contract: it says what it likes and sees everything that comes back. */
export const rawPeer = (line: Line): RawPeer => {
  const seen: Fields[] = []
  const watchers = new Set<() => void>()
  let id = 1000
  const closed = new Promise<void>((resolve) => {
    line.port.reader.onClose(() => resolve())
  })
  line.port.reader.listen((message) => {
    seen.push(message as unknown as Fields)
    for (const watch of watchers) watch()
  })

  const until = <T>(find: (seen: readonly Fields[]) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = find(seen)
        if (found === undefined) return
        watchers.delete(watch)
        resolve(found)
      }
      watchers.add(watch)
      watch()
      void closed.then(() => reject(new Error('the connection was closed')))
    })

  return {
    seen,
    closed,
    until,
    sendFrame: line.sendFrame,
    ask: (method, params) => {
      id += 1
      const own = id
      line.sendFrame(`{"jsonrpc":"2.0","id":${own},"method":${JSON.stringify(method)},"params":${params}}`)
      return until((messages) => messages.find((message) => message.id === own)).then(answerOf)
    },
    leave: () => line.port.writer.end(),
  }
}

/** A raw peer that has given its token. */
export const trustedPeer = async (line: Line): Promise<RawPeer> => {
  const peer = rawPeer(line)
  await presentToken(line.port, TOKEN)
  return peer
}
