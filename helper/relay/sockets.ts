import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { fdOf } from '../native/fd-of.ts'
import {
  lastErrno,
  libc,
  POLLOUT,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_IP,
  SOL_SOCKET,
} from '../native/libc.ts'
import { AF_INET, type Endpoint, parseSockaddr, renderSockaddr, SOCKADDR_BYTES } from '../native/sockaddr.ts'

/*
 * What Node's own sockets cannot: Multipath TCP (`mptcp.rst` of the kernel), and the address that a redirected connection was
 * meant for.
 */

const IPPROTO_MPTCP = 262
/** `linux/netfilter_ipv4.h`. */
const SO_ORIGINAL_DST = 80
const SO_ERROR = 4
const INT_BYTES = 4
const { EINPROGRESS } = constants.errno

/** Where a connection that was redirected here was meant to go; `null` when the kernel does not tell. */
export const originalDestination = (socket: Socket): Endpoint | null => {
  const value = Buffer.alloc(SOCKADDR_BYTES)
  const isKnown = libc.getsockopt(fdOf(socket), SOL_IP, SO_ORIGINAL_DST, value) === SOCKADDR_BYTES
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
  const fd = libc.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol === 'mptcp' ? IPPROTO_MPTCP : 0)
  if (fd < 0) return failed(lastErrno())
  const giveUp = (): Connecting => {
    const errno = lastErrno()
    libc.close(fd)
    return failed(errno)
  }
  if (libc.bind(fd, renderSockaddr({ address: from, port: 0 })) !== 0) return giveUp()
  if (libc.connect(fd, renderSockaddr(to)) !== 0 && lastErrno() !== EINPROGRESS) return giveUp()
  const state = (): number | null => {
    if (libc.poll(fd, POLLOUT, 0) === 0) return null
    const error = Buffer.alloc(INT_BYTES)
    const isKnown = libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, error) === INT_BYTES
    return isKnown ? error.readInt32LE(0) : lastErrno()
  }
  return { fd, state, close: () => void libc.close(fd) }
}
