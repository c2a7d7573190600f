import { brokenFrame } from '../frame.ts'
import { lineSplitter } from '../lines.ts'
import { type Port, portOver } from '../port.ts'

/** The part of Node's `Readable` that is needed. */
export type ByteSource = {
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  on(event: 'end' | 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly destroyed: boolean
  destroy(): unknown
}

/** The part of Node's `Writable` that is needed. */
export type ByteSink = {
  on(event: 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  write(text: string, callback: (error?: Error | null) => void): boolean
  end(callback: () => void): unknown
  destroy(): unknown
}

/** How long a closed connection waits for its peer to take the last frames. */
const LINGER_MS = 500

/**
 * A Unix socket (`byteStreamPort(socket)`), or the two pipes of a process (`byteStreamPort(stdin, stdout)`): one line of
 * JSON a frame, UTF-8, at most 1 MiB.
 */
export const byteStreamPort = (
  ...[source, sink]: [duplex: ByteSource & ByteSink] | [source: ByteSource, sink: ByteSink]
): Port => overPair(source, sink ?? (source as ByteSource & ByteSink))

const overPair = (source: ByteSource, sink: ByteSink): Port => {
  let isClosing = false

  const destroy = (): void => {
    source.destroy()
    sink.destroy()
  }

  return portOver({
    send: (text) =>
      new Promise((resolve, reject) => {
        sink.write(`${text}\n`, (error) => (error ? reject(error) : resolve()))
      }),
    receive: (onFrame, onEnd) => {
      const lines = lineSplitter(onFrame)
      const end = (): void => onEnd(lines.isAtBoundary() ? undefined : brokenFrame('half a frame before it left'))
      source.on('data', (chunk) => {
        if (isClosing) return
        try {
          lines.push(chunk)
        } catch (error) {
          onEnd(error as Error)
        }
      })
      source.on('end', end)
      source.on('close', end)
      source.on('error', onEnd)
      sink.on('close', end)
      sink.on('error', onEnd)
      if (source.destroyed) end()
    },
    close: () => {
      if (isClosing) return
      isClosing = true
      const timer = setTimeout(destroy, LINGER_MS)
      sink.end(() => {
        clearTimeout(timer)
        destroy()
      })
    },
  })
}
