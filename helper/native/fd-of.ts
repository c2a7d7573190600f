import type { Socket } from 'node:net'

/** File descriptor of a socket, which Node has no public way to; -1 when it has none (any more). */
export const fdOf = (socket: Socket): number => {
  const handle = (socket as unknown as { _handle?: { fd?: unknown } | null })._handle
  return typeof handle?.fd === 'number' ? handle.fd : -1
}
