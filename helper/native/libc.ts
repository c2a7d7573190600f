import { getSystemErrorName } from 'node:util'
import koffi, { type LibraryHandle } from 'koffi'

/*
 * What Node's own sockets cannot, of the C library that this process is linked with already. It is looked into when something
 * is called, and not before. Numbers and structures of 64-bit Linux, the same on x86 and ARM (`asm-generic`).
 */

export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2
export const SOCK_NONBLOCK = 0o4000
export const SOCK_CLOEXEC = 0o2000000
export const SOL_IP = 0
export const SOL_SOCKET = 1
export const POLLIN = 1
export const POLLOUT = 4

const POLLFD_BYTES = 8

let library: LibraryHandle | null = null

/** A function of the C library; `prototype` as koffi reads it. It is sought when it is first called. */
export const fromLibc = <Call extends (...argv: never[]) => unknown>(prototype: string): Call => {
  let found: Call | null = null
  const call = (...argv: Parameters<Call>): unknown => {
    library ??= koffi.load(null)
    found ??= library.func(prototype) as unknown as Call
    return found(...argv)
  }
  return call as unknown as Call
}

type Addressed = (fd: number, address: Buffer, size: number) => number
type Transfer = (fd: number, bytes: Buffer, size: number, flags: number) => number | bigint

const bind = fromLibc<Addressed>('int bind(int, void *, uint32_t)')
const connect = fromLibc<Addressed>('int connect(int, void *, uint32_t)')
const send = fromLibc<Transfer>('int64_t send(int, void *, size_t, int)')
const recv = fromLibc<Transfer>('int64_t recv(int, _Out_ void *, size_t, int)')
const recvmsg = fromLibc<(fd: number, message: Buffer, flags: number) => number | bigint>(
  'int64_t recvmsg(int, _Inout_ void *, int)',
)
const poll = fromLibc<(fds: Buffer, count: number, ms: number) => number>(
  'int poll(_Inout_ void *, unsigned long, int)',
)
const getsockopt = fromLibc<(fd: number, level: number, option: number, value: Buffer, length: number[]) => number>(
  'int getsockopt(int, int, int, _Out_ void *, _Inout_ uint32_t *)',
)
const setsockopt = fromLibc<(fd: number, level: number, option: number, value: Buffer, length: number) => number>(
  'int setsockopt(int, int, int, void *, uint32_t)',
)

/** Calls by the names of their manual pages. Those that fail return -1; `lastErrno` and `lastError` say why. */
export const libc = {
  socket: fromLibc<(family: number, type: number, protocol: number) => number>('int socket(int, int, int)'),
  close: fromLibc<(fd: number) => number>('int close(int)'),
  bind: (fd: number, address: Buffer): number => bind(fd, address, address.length),
  connect: (fd: number, address: Buffer): number => connect(fd, address, address.length),
  send: (fd: number, bytes: Buffer): number => Number(send(fd, bytes, bytes.length, 0)),
  recv: (fd: number, into: Buffer): number => Number(recv(fd, into, into.length, 0)),
  recvmsg: (fd: number, message: Buffer, flags: number): number => Number(recvmsg(fd, message, flags)),
  /** Of one descriptor. */
  poll: (fd: number, events: number, ms: number): number => {
    const asked = Buffer.alloc(POLLFD_BYTES)
    asked.writeInt32LE(fd, 0)
    asked.writeInt16LE(events, 4)
    return poll(asked, 1, ms)
  },
  /** Returns how many bytes of `value` the kernel filled in. */
  getsockopt: (fd: number, level: number, option: number, value: Buffer): number => {
    const length = [value.length]
    return getsockopt(fd, level, option, value, length) === 0 ? (length[0] ?? 0) : -1
  },
  /** Sets an option that is an `int`. */
  setsockopt: (fd: number, level: number, option: number, value: number): number => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32LE(value)
    return setsockopt(fd, level, option, bytes, bytes.length)
  },
}

/** Why the latest call failed (`errno(3)`); good until the next. */
export const lastErrno = (): number => koffi.errno()

/** The same as an error such as Node makes of it, with the system's `code`. */
export const lastError = (call: string): Error & { readonly code: string } => {
  const code = getSystemErrorName(-lastErrno())
  return Object.assign(new Error(`${call} ${code}`), { code })
}

/** Memory that structures may point to: it does not move, and is never given back. */
export type FixedMemory = { readonly address: bigint; readonly read: (bytes: number) => Buffer }

/** What is read is copied: Electron, which may run these programs as Node, allows no view of memory that is not its own. */
export const fixedMemory = (size: number): FixedMemory => {
  const at: unknown = koffi.alloc('uint8_t', size)
  return { address: koffi.address(at), read: (bytes) => Buffer.from(koffi.decode(at, 'uint8_t', bytes) as Uint8Array) }
}
