import { brokenFrame } from '../frame.ts'
import { type Port, portOver } from '../port.ts'

type Message = { readonly data: unknown }

type Sender = {
  postMessage(message: unknown): void
  start?(): void
  close(): void
}

/** A DOM `MessagePort`, or that of `node:worker_threads`. */
export type DomMessagePort = Sender & {
  addEventListener(event: 'message', listener: (event: Message) => void): void
  addEventListener(event: 'close', listener: () => void): void
}

/** Electron's `MessagePortMain`: the same in the manner of Node's event emitters. */
export type MainMessagePort = Sender & {
  on(event: 'message', listener: (event: Message) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

/**
 * A message port. Frames travel as JSON text, not as cloned objects, so that every transport carries exactly the same
 * and the same bound holds. `null` is the good-bye, for ports that do not tell when their peer closes.
 */
export const messagePort = (port: DomMessagePort | MainMessagePort): Port =>
  portOver({
    send: async (text) => port.postMessage(text),
    receive: (onFrame, onEnd) => {
      const onMessage = ({ data }: Message): void => {
        if (typeof data === 'string') onFrame(data)
        else onEnd(data === null ? undefined : brokenFrame('a message that is not text'))
      }
      const onClose = (): void => onEnd()
      if ('addEventListener' in port) {
        port.addEventListener('message', onMessage)
        port.addEventListener('close', onClose)
      } else {
        port.on('message', onMessage)
        port.on('close', onClose)
      }
      port.start?.()
    },
    close: () => {
      port.postMessage(null)
      port.close()
    },
  })
