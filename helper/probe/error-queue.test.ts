import { describe, expect, it } from 'vitest'
import { parseControl } from './error-queue.ts'

/** `struct cmsghdr` of 64 bits. */
const message = (level: number, type: number, data: Buffer): Buffer => {
  const header = Buffer.alloc(16)
  header.writeBigUInt64LE(BigInt(16 + data.length), 0)
  header.writeInt32LE(level, 8)
  header.writeInt32LE(type, 12)
  const padded = Buffer.alloc(Math.ceil(data.length / 8) * 8)
  data.copy(padded)
  return Buffer.concat([header, padded])
}

/** `struct sock_extended_err` and `sockaddr_in`. */
const error = (errno: number, origin: number, info: number, address: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(32)
  bytes.writeUInt32LE(errno, 0)
  bytes[4] = origin
  bytes.writeUInt32LE(info, 8)
  Buffer.from(address).copy(bytes, 20)
  return bytes
}

const [SOL_IP, IP_RECVERR, LOCAL, ICMP] = [0, 11, 1, 2]

describe('what a refusal tells', () => {
  it('is who said by ICMP how large a packet may be', () => {
    const control = message(SOL_IP, IP_RECVERR, error(90, ICMP, 1400, [192, 0, 2, 1]))
    expect(parseControl(control)).toEqual({ errno: 90, saidBy: '192.0.2.1', mtuBytes: 1400 })
  })

  it('is this host where nobody else is named', () => {
    const control = message(SOL_IP, IP_RECVERR, error(90, LOCAL, 1500, [0, 0, 0, 0]))
    expect(parseControl(control)).toEqual({ errno: 90, saidBy: null, mtuBytes: 1500 })
  })

  it('stands after messages of other kinds', () => {
    const other = message(1, 29, Buffer.alloc(13))
    const control = Buffer.concat([other, message(SOL_IP, IP_RECVERR, error(111, ICMP, 0, [127, 0, 0, 1]))])
    expect(parseControl(control)).toEqual({ errno: 111, saidBy: '127.0.0.1', mtuBytes: 0 })
  })

  it('is nothing where there is none, or it is cut off', () => {
    const whole = message(SOL_IP, IP_RECVERR, error(90, ICMP, 1400, [192, 0, 2, 1]))
    expect(parseControl(Buffer.alloc(0))).toBeNull()
    expect(parseControl(Buffer.alloc(16))).toBeNull()
    expect(parseControl(whole.subarray(0, 40))).toBeNull()
  })
})
