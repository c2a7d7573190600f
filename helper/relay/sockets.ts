import type { Socket } from 'node:net'
import koffi from 'koffi'

/*
 * What Node's own sockets cannot: Multipath TCP (`mptcp.rst` of the kernel), and the address that a redirected connection was
 * meant for. Numbers of `asm-generic`, right on x86 and ARM.
 */

const AF_INET = 2
const SOCK_STREAM = 1
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const IPPROTO_MPTCP = 262
const SOL_IP = 0
/** `linux/netfilter_ipv4.h`. */
const SO_ORIGINAL_DST = 80
const SOL_SOCKET = 1
const SO_ERROR = 4
const POLLOUT = 4
const EINPROGRESS = 115
const SOCKADDR_BYTES = 16

export type Endpoint = { readonly address: string; readonly port: number }

/** `struct sockaddr_in` (`ip(7)`). Pure. */
export const renderSockaddr = ({ address, port }: Endpoint): Buffer => {
  const bytes = Buffer.alloc(SOCKADDR_BYTES)
  bytes.writeUInt16LE(AF_INET, 0)
  bytes.writeUInt16BE(port, 2)
  address.split('.').forEach((part, at) => void bytes.writeUInt8(Number(part), 4 + at))
  return bytes
}

/** Reads a `struct sockaddr_in`. Pure. */
export const parseSockaddr = (bytes: Buffer): Endpoint => ({
  address: [...bytes.subarray(4, 8)].join('.'),
  port: bytes.readUInt16BE(2),
})

const bind = () => {
  const library = koffi.load(null)
  return {
    socket: library.func('int socket(int, int, int)') as unknown as (...numbers: number[]) => number,
    bind: library.func('int bind(int, void *, uint32_t)') as unknown as (
      fd: number,
      at: Buffer,
      size: number,
    ) => number,
    connect: library.func('int connect(int, void *, uint32_t)') as unknown as (
      fd: number,
      to: Buffer,
      size: number,
    ) => number,
    close: library.func('int close(int)') as unknown as (fd: number) => number,
    poll: library.func('int poll(_Inout_ void *, unsigned long, int)') as unknown as (
      fds: Buffer,
      count: number,
      ms: number,
    ) => number,
    getsockopt: library.func('int getsockopt(int, int, int, _Out_ void *, _Inout_ uint32_t *)') as unknown as (
      fd: number,
      level: number,
      option: number,
      value: Buffer,
      length: number[],
    ) => number,
  }
}

let bound: ReturnType<typeof bind> | null = null
const libc = (): ReturnType<typeof bind> => {
  bound ??= bind()
  return bound
}

/** Node has no public way to a socket's file descriptor. */
const fdOf = (socket: Socket): number => {
  const handle = (socket as unknown as { _handle?: { fd?: unknown } | null })._handle
  return typeof handle?.fd === 'number' ? handle.fd : -1
}

/** Where a connection that was redirected here was meant to go; `null` when the kernel does not tell. */
export const originalDestination = (socket: Socket): Endpoint | null => {
  const value = Buffer.alloc(SOCKADDR_BYTES)
  const isKnown = libc().getsockopt(fdOf(socket), SOL_IP, SO_ORIGINAL_DST, value, [SOCKADDR_BYTES]) === 0
  return isKnown ? parseSockaddr(value) : null
}

/** A connection being made. `errno` of `state`: 0 when it stands, `null` while it is under way. */
export type Connecting = {
  readonly fd: number
  readonly state: () => number | null
  readonly close: () => void
}

const failed = (errno: number): Connecting => ({ fd: -1, state: () => errno, close: () => undefined })

/** Begins a TCP connection, `mptcp` or ordinary, from an address of this host. It never blocks and never throws. */
export const beginConnection = (from: string, to: Endpoint, protocol: 'mptcp' | 'tcp'): Connecting => {
  const { socket, bind: bindTo, connect, close, poll, getsockopt } = libc()
  const fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol === 'mptcp' ? IPPROTO_MPTCP : 0)
  if (fd < 0) return failed(koffi.errno())
  const giveUp = (): Connecting => {
    const errno = koffi.errno()
    close(fd)
    return failed(errno)
  }
  if (bindTo(fd, renderSockaddr({ address: from, port: 0 }), SOCKADDR_BYTES) !== 0) return giveUp()
  if (connect(fd, renderSockaddr(to), SOCKADDR_BYTES) !== 0 && koffi.errno() !== EINPROGRESS) return giveUp()
  const state = (): number | null => {
    const pollFd = Buffer.alloc(8)
    pollFd.writeInt32LE(fd, 0)
    pollFd.writeInt16LE(POLLOUT, 4)
    if (poll(pollFd, 1, 0) === 0) return null
    const error = Buffer.alloc(4)
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, error, [4]) === 0 ? error.readInt32LE(0) : koffi.errno()
  }
  return { fd, state, close: () => void close(fd) }
}
