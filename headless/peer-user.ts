import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

export type TcpPeer = { readonly remotePort: number; readonly localPort: number }

const portOf = (endpoint: string): number => Number.parseInt(endpoint.split(':')[1] ?? '', 16)

/** Loopback as the kernel prints it: 127/8 in host byte order, also as an IPv4-mapped IPv6 address. */
const isLoopback = (endpoint: string): boolean => /^(?:0{16}FFFF0000)?[0-9A-F]{6}7F:/.test(endpoint)

/** `TCP_ESTABLISHED` (proc(5)). A socket whose process has closed it may be listed as root's. */
const ESTABLISHED = '01'

/**
 * User id of the process at the other end of a loopback connection, read from the text of `/proc/net/tcp` (proc(5): the
 * eighth column is the socket's owner); `null` when no such connection is open.
 */
export const parsePeerUser = (table: string, peer: TcpPeer): number | null => {
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', remote = '', state, , , , uid = ''] = line.trim().split(/\s+/)
    if (state !== ESTABLISHED || !isLoopback(local) || !isLoopback(remote)) continue
    if (portOf(local) === peer.remotePort && portOf(remote) === peer.localPort) return Number(uid)
  }
  return null
}

/** Addresses are compared by the kernel's table alone, so both address families are read. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

/** `untold` where there is no such table. */
const observePeerUser = async (peer: TcpPeer): Promise<number | null | 'untold'> => {
  const tables = await Promise.all(TABLES.map((file) => readFile(file, 'latin1').catch(() => '')))
  if (tables.every((table) => table === '')) return 'untold'
  for (const table of tables) {
    const uid = parsePeerUser(table, peer)
    if (uid !== null) return uid
  }
  return null
}

/**
 * Whether the connecting process may try a token: ours or root's. Another user of a shared machine can reach 127.0.0.1, and
 * could read a one-time token in the command line of a starting browser; this stops them from using it first. A connection
 * that is open at our end alone is nobody's. Where the kernel does not tell (not Linux, a Unix socket), the token decides.
 */
export const mayTry = async (socket: Socket, ownUid = process.getuid?.() ?? null): Promise<boolean> => {
  const { remotePort, localPort } = socket
  if (remotePort === undefined || localPort === undefined || ownUid === null) return true
  const uid = await observePeerUser({ remotePort, localPort })
  return uid === 'untold' || uid === 0 || uid === ownUid
}
