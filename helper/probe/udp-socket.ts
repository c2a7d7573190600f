import { createSocket, type Socket } from 'node:dgram'
import { constants } from 'node:os'
import { MoleError } from '../../contract/errors.ts'
import { lastErrno, libc, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, SOL_IP } from '../native/libc.ts'
import { AF_INET, type Endpoint, renderSockaddr } from '../native/sockaddr.ts'

/* UDP whose packets are never fragmented, here or on the way: Node's own sockets cannot be asked for that. Numbers of Linux. */

const { EADDRINUSE } = constants.errno
const IP_MTU_DISCOVER = 10
/** Set "don't fragment", and send up to the interface's MTU whatever the path has said before (`ip(7)`; RFC 8899 wants that). */
const IP_PMTUDISC_PROBE = 3
const IP_RECVERR = 11

const unable = (what: string): MoleError =>
  new MoleError('not-available', `The kernel refused ${what} (errno ${lastErrno()}).`, {
    field: 'udp',
    meaning: 'Packets that may not be fragmented cannot be sent here.',
    nextStep: 'Run the probe on Linux, where processes may open UDP sockets.',
  })

const inUse = ({ address, port }: Endpoint): MoleError =>
  new MoleError('conflict', `UDP port ${port} of ${address} is in use.`, {
    field: 'port',
    meaning: 'Another program listens there.',
    nextStep: 'End it, or name another port with --echo-port (and the same when probing).',
  })

/** What makes a socket of a descriptor; on failure that is closed. */
export const guarded = (fd: number, act: () => void): void => {
  try {
    act()
  } catch (error) {
    libc.close(fd)
    throw error
  }
}

/**
 * Opens a descriptor of a UDP socket that sets "don't fragment": bound to `at`, or (`null`) one that asks, and keeps what it is
 * refused in its queue of errors.
 * @throws MoleError `not-available`, `conflict`.
 */
export const openDescriptor = (at: Endpoint | null): number => {
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) throw unable('a UDP socket')
  guarded(fd, () => {
    const set = (option: number, value: number): boolean => libc.setsockopt(fd, SOL_IP, option, value) === 0
    if (!set(IP_MTU_DISCOVER, IP_PMTUDISC_PROBE)) throw unable('IP_PMTUDISC_PROBE')
    if (at === null && !set(IP_RECVERR, 1)) throw unable('IP_RECVERR')
    if (at !== null && libc.bind(fd, renderSockaddr(at)) !== 0)
      throw lastErrno() === EADDRINUSE ? inUse(at) : unable(`port ${at.port} of ${at.address}`)
  })
  return fd
}

/** One of Node's own sockets, bound to `at`, that sets "don't fragment". @throws MoleError `not-available`, `conflict`. */
export const openUnfragmented = (at: Endpoint): Socket => {
  const fd = openDescriptor(at)
  const socket = createSocket('udp4')
  socket.bind({ fd, exclusive: true })
  return socket
}
