import { chmodSync } from 'node:fs'
import { fromLibc, libc, SOCK_CLOEXEC, SOCK_STREAM } from '../native/libc.ts'

/* What systemd does for a .socket unit, by the C library: Node has no way to a listening socket it does not serve. */

const AF_UNIX = 1

const listen = fromLibc<(fd: number, backlog: number) => number>('int listen(int, int)')

/** `struct sockaddr_un`: family, then the path with its final zero (`unix(7)`). */
const addressOf = (path: string): Buffer => {
  const family = Buffer.alloc(2)
  family.writeUInt16LE(AF_UNIX)
  return Buffer.concat([family, Buffer.from(`${path}\0`)])
}

/** A socket that listens at `path`, which nobody accepts from yet; close it with `closeSync`. */
export const listeningSocket = (path: string, mode: number): number => {
  const fd = libc.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
  const address = addressOf(path)
  if (fd < 0 || libc.bind(fd, address) !== 0 || listen(fd, 16) !== 0) throw new Error(`${path} cannot be listened at`)
  chmodSync(path, mode)
  return fd
}
