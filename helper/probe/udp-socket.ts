import { createSocket, type Socket } from 'node:dgram'
import koffi from 'koffi'
import { MoleError } from '../../contract/errors.ts'
import { type Endpoint, renderSockaddr } from '../relay/sockets.ts'

/* UDP whose packets are never fragmented, here or on the way: Node's own sockets cannot be asked for that. Numbers of Linux. */

const AF_INET = 2
const SOCK_DGRAM = 2
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const IPPROTO_IP = 0
const IP_MTU_DISCOVER = 10
/** Set "don't fragment", and send up to the interface's MTU whatever the path has said before (`ip(7)`; RFC 8899 wants that). */
const IP_PMTUDISC_PROBE = 3
const IP_RECVERR = 11
const EADDRINUSE = 98

const load = () => {
  const library = koffi.load(null)
  return {
    socket: library.func('int socket(int, int, int)') as unknown as (...numbers: number[]) => number,
    bind: library.func('int bind(int, void *, uint32_t)') as unknown as (
      fd: number,
      at: Buffer,
      size: number,
    ) => number,
    close: library.func('int close(int)') as unknown as (fd: number) => number,
    setsockopt: library.func('int setsockopt(int, int, int, void *, uint32_t)') as unknown as (
      fd: number,
      level: number,
      option: number,
      value: Buffer,
      length: number,
    ) => number,
  }
}

let loaded: ReturnType<typeof load> | null = null
const libc = (): ReturnType<typeof load> => {
  loaded ??= load()
  return loaded
}

const INT_BYTES = 4
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(INT_BYTES)
  bytes.writeInt32LE(value)
  return bytes
}

const unable = (what: string): MoleError =>
  new MoleError('not-available', `The kernel refused ${what} (errno ${koffi.errno()}).`, {
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
const guarded = (fd: number, act: () => void): void => {
  try {
    act()
  } catch (error) {
    libc().close(fd)
    throw error
  }
}

/**
 * Opens a descriptor of a UDP socket that sets "don't fragment": bound to `at`, or (`null`) one that asks, and keeps what it is
 * refused in its queue of errors.
 * @throws MoleError `not-available`, `conflict`.
 */
export const openDescriptor = (at: Endpoint | null): number => {
  const { socket: make, bind, setsockopt } = libc()
  const fd = make(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) throw unable('a UDP socket')
  guarded(fd, () => {
    const set = (option: number, value: number): boolean =>
      setsockopt(fd, IPPROTO_IP, option, int32(value), INT_BYTES) === 0
    if (!set(IP_MTU_DISCOVER, IP_PMTUDISC_PROBE)) throw unable('IP_PMTUDISC_PROBE')
    if (at === null && !set(IP_RECVERR, 1)) throw unable('IP_RECVERR')
    const address = at === null ? null : renderSockaddr(at)
    if (at !== null && address !== null && bind(fd, address, address.length) !== 0)
      throw koffi.errno() === EADDRINUSE ? inUse(at) : unable(`port ${at.port} of ${at.address}`)
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
