import { type FixedMemory, fixedMemory, libc, SOL_IP } from '../native/libc.ts'

/*
 * What became of datagrams that were refused, by whom and why: a socket's queue of errors (IP_RECVERR, `ip(7)`; MSG_ERRQUEUE,
 * `recv(2)`). Structures of 64-bit Linux, the only one that Cloud Mole runs on.
 */

const MSG_DONTWAIT = 0x40
const MSG_ERRQUEUE = 0x2000
const IP_RECVERR = 11
const FROM_ICMP = 2

/** A datagram that was refused. */
export type Refusal = {
  /** Number of the error, as `errno(3)` has it. */
  readonly errno: number
  /** Address of the router or host that said it by ICMP; `null`: this host itself. */
  readonly saidBy: string | null
  /** Of "too big": the largest packet that would pass there. */
  readonly mtuBytes: number
}

const CONTROL_BYTES = 512
const MSGHDR_BYTES = 56
const [CONTROL_AT, CONTROL_LENGTH_AT] = [32, 40]
const CMSG_HEADER_BYTES = 16
/** `struct sock_extended_err`, after which comes the address of who said it. */
const EXTENDED_ERROR_BYTES = 16

/** Reads the control messages of one error; `null` where they tell of none. Pure. */
export const parseControl = (control: Buffer): Refusal | null => {
  for (let at = 0; at + CMSG_HEADER_BYTES <= control.length; ) {
    const length = Number(control.readBigUInt64LE(at))
    if (length < CMSG_HEADER_BYTES || at + length > control.length) return null
    const isError = control.readInt32LE(at + 8) === SOL_IP && control.readInt32LE(at + 12) === IP_RECVERR
    const error = control.subarray(at + CMSG_HEADER_BYTES, at + length)
    if (isError && error.length >= EXTENDED_ERROR_BYTES) {
      const offender = error.subarray(EXTENDED_ERROR_BYTES + 4, EXTENDED_ERROR_BYTES + 8)
      const isIcmp = error[4] === FROM_ICMP && offender.length === 4
      return {
        errno: error.readUInt32LE(0),
        saidBy: isIcmp ? [...offender].join('.') : null,
        mtuBytes: error.readUInt32LE(8),
      }
    }
    at += Math.ceil(length / 8) * 8
  }
  return null
}

type Reader = { readonly message: Buffer; readonly control: FixedMemory }

/** The kernel writes where the structure points to, so that memory must not move. */
const makeReader = (): Reader => {
  const [message, control] = [Buffer.alloc(MSGHDR_BYTES), fixedMemory(CONTROL_BYTES)]
  message.writeBigUInt64LE(control.address, CONTROL_AT)
  return { message, control }
}

let reader: Reader | null = null

const readOne = (fd: number): Refusal | 'unknown' | null => {
  reader ??= makeReader()
  const { message, control } = reader
  message.writeBigUInt64LE(BigInt(CONTROL_BYTES), CONTROL_LENGTH_AT)
  if (libc.recvmsg(fd, message, MSG_DONTWAIT | MSG_ERRQUEUE) < 0) return null
  const length = Number(message.readBigUInt64LE(CONTROL_LENGTH_AT))
  return parseControl(control.read(length)) ?? 'unknown'
}

/** Takes all that waits in a socket's queue of errors. */
export const takeRefusals = (fd: number): Refusal[] => {
  const refusals: Refusal[] = []
  for (let one = readOne(fd); one !== null; one = readOne(fd)) if (one !== 'unknown') refusals.push(one)
  return refusals
}
