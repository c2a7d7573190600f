import { getSystemErrorName } from 'node:util'
import koffi from 'koffi'
import { type Endpoint, renderSockaddr } from '../relay/sockets.ts'
import { type Refusal, takeRefusals } from './error-queue.ts'
import { openDescriptor } from './udp-socket.ts'

/*
 * A UDP socket of our own, beside Node's event loop: that (libuv 1.52) reads queues of errors itself, loses what they say, and
 * was seen to end the process over it.
 */

const POLLIN = 1
const POLLFD_BYTES = 8
const LARGEST_BYTES = 65_536

const load = () => {
  const library = koffi.load(null)
  type Transfer = (fd: number, bytes: Buffer, size: number, flags: number) => number
  return {
    connect: library.func('int connect(int, void *, uint32_t)') as unknown as (
      fd: number,
      to: Buffer,
      size: number,
    ) => number,
    send: library.func('int64_t send(int, void *, size_t, int)') as unknown as Transfer,
    receive: library.func('int64_t recv(int, _Out_ void *, size_t, int)') as unknown as Transfer,
    poll: library.func('int poll(_Inout_ void *, unsigned long, int)') as unknown as (
      fds: Buffer,
      count: number,
      ms: number,
    ) => number,
    close: library.func('int close(int)') as unknown as (fd: number) => number,
  }
}

let loaded: ReturnType<typeof load> | null = null
const libc = (): ReturnType<typeof load> => {
  loaded ??= load()
  return loaded
}

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
  const { connect, send, receive, poll, close } = libc()
  const fd = openDescriptor(null)
  const address = renderSockaddr(to)
  if (connect(fd, address, address.length) !== 0) {
    const code = getSystemErrorName(-koffi.errno())
    close(fd)
    throw Object.assign(new Error(`connect ${code}`), { code })
  }
  const buffer = Buffer.alloc(LARGEST_BYTES)
  const asked = Buffer.alloc(POLLFD_BYTES)
  asked.writeInt32LE(fd, 0)
  asked.writeInt16LE(POLLIN, 4)
  return {
    send: (bytes) => send(fd, bytes, bytes.length, 0) === bytes.length,
    receive: () => {
      const size = Number(receive(fd, buffer, buffer.length, 0))
      return size < 0 ? null : buffer.subarray(0, size)
    },
    refusals: () => takeRefusals(fd),
    standStill: (ms) => void poll(asked, 1, ms),
    close: () => void close(fd),
  }
}
