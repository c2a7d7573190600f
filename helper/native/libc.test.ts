import { afterEach, expect, it } from 'vitest'
import { fixedMemory, fromLibc, lastErrno, lastError, libc, POLLIN, SOCK_DGRAM, SOL_SOCKET } from './libc.ts'
import { AF_INET, parseSockaddr, renderSockaddr, SOCKADDR_BYTES } from './sockaddr.ts'

const [SO_TYPE, SO_BROADCAST] = [3, 6]
const EBADF = 9

const open: number[] = []
afterEach(() => {
  for (const fd of open.splice(0)) libc.close(fd)
})

const udpSocket = (): number => {
  const fd = libc.socket(AF_INET, SOCK_DGRAM, 0)
  open.push(fd)
  return fd
}

const getsockname = fromLibc<(fd: number, address: Buffer, length: number[]) => number>(
  'int getsockname(int, _Out_ void *, _Inout_ uint32_t *)',
)
const portOf = (fd: number): number => {
  const address = Buffer.alloc(SOCKADDR_BYTES)
  expect(getsockname(fd, address, [SOCKADDR_BYTES])).toBe(0)
  return parseSockaddr(address).port
}

it('carries a datagram from one socket to another', () => {
  const [near, far] = [udpSocket(), udpSocket()]
  expect(libc.bind(far, renderSockaddr({ address: '127.0.0.1', port: 0 }))).toBe(0)
  expect(libc.poll(far, POLLIN, 0)).toBe(0)
  expect(libc.connect(near, renderSockaddr({ address: '127.0.0.1', port: portOf(far) }))).toBe(0)
  expect(libc.send(near, Buffer.from('hello'))).toBe(5)
  expect(libc.poll(far, POLLIN, 10_000)).toBe(1)
  const into = Buffer.alloc(64)
  expect(libc.recv(far, into)).toBe(5)
  expect(into.toString('utf8', 0, 5)).toBe('hello')
})

it('sets and reads options, and tells how long they are', () => {
  const [fd, value] = [udpSocket(), Buffer.alloc(16)]
  expect(libc.getsockopt(fd, SOL_SOCKET, SO_TYPE, value)).toBe(4)
  expect(value.readInt32LE(0)).toBe(SOCK_DGRAM)
  expect(libc.setsockopt(fd, SOL_SOCKET, SO_BROADCAST, 1)).toBe(0)
  libc.getsockopt(fd, SOL_SOCKET, SO_BROADCAST, value)
  expect(value.readInt32LE(0)).toBe(1)
})

it('names what went wrong, as Node does', () => {
  // What an expectation itself calls may change it.
  expect([libc.close(-1), lastErrno()]).toEqual([-1, EBADF])
  const [outcome, error] = [libc.getsockopt(-1, SOL_SOCKET, SO_TYPE, Buffer.alloc(4)), lastError('getsockopt')]
  expect(outcome).toBe(-1)
  expect(error).toMatchObject({ code: 'EBADF', message: 'getsockopt EBADF' })
})

it('has memory that a structure can point to', () => {
  const copy = fromLibc<(to: bigint, from: Buffer, bytes: number) => void>('void memcpy(uintptr_t, void *, size_t)')
  const memory = fixedMemory(8)
  copy(memory.address, Buffer.from('12345678'), 8)
  const first = memory.read(5)
  expect(first.toString()).toBe('12345')
  copy(memory.address, Buffer.from('other'), 5)
  expect(first.toString()).toBe('12345')
  expect(memory.read(8).toString()).toBe('other678')
})
