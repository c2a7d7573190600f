import { lastError, libc, POLLIN } from '../native/libc.ts'
import { type Endpoint, renderSockaddr } from '../native/sockaddr.ts'
import { type Refusal, takeRefusals } from './error-queue.ts'
import { guarded, openDescriptor } from './udp-socket.ts'

/*
 * A UDP socket of our own, beside Node's event loop: that (libuv 1.52) reads queues of errors itself, loses what they say, and
 * was seen to end the process over it.
 */

const LARGEST_BYTES = 65_536

export type AskingSocket = {
  /** Whether the kernel took it; where it did not, `refusals` may say why, or an earlier error was told in its place. */
  readonly send: (bytes: Buffer) => boolean
  /** The next datagram; `null` when none waits. Good until the next call. */
  readonly receive: () => Buffer | null
  /** Takes all that waits in its queue of errors. */
  readonly refusals: () => Refusal[]
  /** Stands still, the whole process with it, until something came or so many milliseconds are over. */
  readonly standStill: (ms: number) => void
  readonly close: () => void
}

/**
 * Opens a socket that asks one host, sets "don't fragment", and keeps what it is refused.
 * @throws MoleError `not-available`; an error with the system's `code` (ENETUNREACH, EACCES) where there is no route.
 */
export const openAsking = (to: Endpoint): AskingSocket => {
  const fd = openDescriptor(null)
  guarded(fd, () => {
    if (libc.connect(fd, renderSockaddr(to)) !== 0) throw lastError('connect')
  })
  const buffer = Buffer.alloc(LARGEST_BYTES)
  return {
    send: (bytes) => libc.send(fd, bytes) === bytes.length,
    receive: () => {
      const size = libc.recv(fd, buffer)
      return size < 0 ? null : buffer.subarray(0, size)
    },
    refusals: () => takeRefusals(fd),
    standStill: (ms) => void libc.poll(fd, POLLIN, ms),
    close: () => void libc.close(fd),
  }
}
