import { connect } from 'node:net'

/** How a host met a TCP connection. */
export type Knock =
  | { readonly is: 'connected' | 'refused'; readonly ms: number }
  | { readonly is: 'failed'; readonly code: string }

/**
 * A second SYN goes out after one second (RFC 6298): what takes longer measures that, and not the path.
 */
const KNOCK_LIMIT_MS = 990

/** Makes one TCP connection to an address (no name) and closes it: until it stands, or is refused, one round trip passes. */
export const knock = (address: string, port: number, signal: AbortSignal): Promise<Knock> =>
  new Promise((resolve) => {
    const startedAtMs = performance.now()
    const socket = connect({ host: address, port, family: 4 })
    const finish = (result: Knock): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      socket.destroy()
      resolve(result)
    }
    const cancel = (): void => finish({ is: 'failed', code: 'ABORTED' })
    const timer = setTimeout(() => finish({ is: 'failed', code: 'ETIMEDOUT' }), KNOCK_LIMIT_MS)
    signal.addEventListener('abort', cancel)
    socket.on('connect', () => finish({ is: 'connected', ms: performance.now() - startedAtMs }))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const ms = performance.now() - startedAtMs
      finish(error.code === 'ECONNREFUSED' ? { is: 'refused', ms } : { is: 'failed', code: error.code ?? 'UNKNOWN' })
    })
  })
