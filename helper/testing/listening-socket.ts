import { chmodSync } from 'node:fs'
import koffi from 'koffi'

/* What systemd does for a .socket unit, by the C library: Node has no way to a listening socket it does not serve. */

const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_CLOEXEC = 0o2_000_000

const libc = koffi.load(null)
const socket = libc.func('int socket(int, int, int)') as unknown as (...argv: number[]) => number
const bind = libc.func('int bind(int, const void *, uint32_t)') as unknown as (
  fd: number,
  address: Buffer,
  length: number,
) => number
const listen = libc.func('int listen(int, int)') as unknown as (...argv: number[]) => number

/** `struct sockaddr_un`: family, then the path with its final zero (`unix(7)`). */
const addressOf = (path: string): Buffer => {
  const family = Buffer.alloc(2)
  family.writeUInt16LE(AF_UNIX)
  return Buffer.concat([family, Buffer.from(`${path}\0`)])
}

/** A socket that listens at `path`, which nobody accepts from yet; close it with `closeSync`. */
export const listeningSocket = (path: string, mode: number): number => {
  const fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
  const address = addressOf(path)
  if (fd < 0 || bind(fd, address, address.length) !== 0 || listen(fd, 16) !== 0)
    throw new Error(`${path} cannot be listened at`)
  chmodSync(path, mode)
  return fd
}
