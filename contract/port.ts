import './runtime.ts'
import type { DataCallback, Disposable, Event, Message, MessageReader, MessageWriter } from 'vscode-jsonrpc'
import { MoleError } from './errors.ts'
import { brokenFrame, decodeFrame, encodeFrame } from './frame.ts'
import { MAX_UNHEARD_CHARACTERS, MAX_UNSENT_CHARACTERS } from './limits.ts'

/**
 * One end of a connection. `writer.end()` closes it. `reader.listen` may be taken over by another listener after its
 * disposal; what arrives in between is kept.
 */
export type Port = { readonly reader: MessageReader; readonly writer: MessageWriter }

/** What a transport must do: carry text frames, in order and whole. */
export type Wire = {
  /** Resolves when the transport has taken the frame and can take another; rejects when it is broken. */
  send(text: string): Promise<void>
  /** Called once, at the beginning. `onEnd` says that no more frames will come, with the error if that was not in order. */
  receive(onFrame: (text: string) => void, onEnd: (error?: Error) => void): void
  /** Sends what is under way, then closes. Idempotent. */
  close(): void
}

/** An event that happens at most once, and is still heard by who listens afterwards. */
const onceEvent = <T>(): { event: Event<T>; fire(value: T): void } => {
  const listeners = new Set<(value: T) => void>()
  let fired: { value: T } | null = null
  return {
    event: (listener, thisArgument) => {
      const hear = (value: T): void => void listener.call(thisArgument, value)
      if (fired === null) listeners.add(hear)
      else queueMicrotask(hear.bind(null, fired.value))
      return { dispose: () => void listeners.delete(hear) }
    },
    fire: (value) => {
      fired = { value }
      for (const hear of listeners) hear(value)
      listeners.clear()
    },
  }
}

const never = (): Disposable => ({ dispose: () => {} })

/** Makes the port of a transport: frames are parsed, bounded and handed on in order; the first bad one ends it. */
export const portOver = (wire: Wire): Port => {
  const failed = onceEvent<Error>()
  const closed = onceEvent<void>()
  const unheard: string[] = []
  let unheardCharacters = 0
  let unsentCharacters = 0
  let listener: DataCallback | null = null
  let ending = false
  let over = false

  const finish = (error?: Error): void => {
    if (ending) return
    ending = true
    // Whoever hears of the error may still say a last word to the peer.
    if (error !== undefined) failed.fire(error)
    over = true
    unheard.length = 0
    wire.close()
    closed.fire()
  }

  const hear = (text: string): void => {
    try {
      listener?.(decodeFrame(text) as Message)
    } catch (error) {
      finish(error as Error)
    }
  }

  const drain = (): void => {
    while (listener !== null && unheard.length > 0) {
      const text = unheard.shift() as string
      unheardCharacters -= text.length
      hear(text)
    }
  }

  const listen = (callback: DataCallback): Disposable => {
    listener = callback
    queueMicrotask(drain)
    return {
      dispose: () => {
        if (listener === callback) listener = null
      },
    }
  }

  const write = async (message: Message): Promise<void> => {
    if (over) throw new MoleError('disconnected', 'The connection is closed.')
    const text = encodeFrame(message)
    if (unsentCharacters + text.length > MAX_UNSENT_CHARACTERS) {
      const error = new MoleError('slow-reader', 'The peer does not read what is sent to it.')
      finish(error)
      throw error
    }
    unsentCharacters += text.length
    try {
      await wire.send(text)
    } finally {
      unsentCharacters -= text.length
    }
  }

  wire.receive((text) => {
    if (ending) return
    unheard.push(text)
    unheardCharacters += text.length
    drain()
    if (unheardCharacters > MAX_UNHEARD_CHARACTERS) finish(brokenFrame('more than is kept before it is served'))
  }, finish)

  return {
    reader: { onError: failed.event, onClose: closed.event, onPartialMessage: never, listen, dispose: () => {} },
    writer: { onError: never, onClose: closed.event, write, end: () => finish(), dispose: () => {} },
  }
}
