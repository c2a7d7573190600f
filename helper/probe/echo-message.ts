/*
 * What the probe sends to whom it measures, and what that answers: a UDP payload of any size. It begins with a header of 24
 * bytes, and is filled with zeroes. `resources/probe/echo.py` speaks the same.
 *
 *   0  "moleprob"   8  version 1   9  kind: "q" or "a"   10  zero   12  token, 8 bytes   20  sequence, 32 bits, big endian
 *
 * An answer is as long as its question, so nothing is amplified; and it is no question, so two who answer never talk to each other.
 */

const MAGIC = 'moleprob'
const VERSION = 1
const [KIND_AT, TOKEN_AT, SEQUENCE_AT] = [9, 12, 20]
const QUESTION = 'q'.charCodeAt(0)
const ANSWER = 'a'.charCodeAt(0)

export const HEADER_BYTES = 24
export const TOKEN_BYTES = 8
/** Headers of IPv4 without options and of UDP (RFC 791, RFC 768). */
export const IP_UDP_BYTES = 28

const isOurs = (bytes: Buffer, kind: number): boolean =>
  bytes.length >= HEADER_BYTES &&
  bytes.toString('latin1', 0, MAGIC.length) === MAGIC &&
  bytes[MAGIC.length] === VERSION &&
  bytes[KIND_AT] === kind

/** A question that makes an IP packet of `packetBytes`. Pure. */
export const renderQuestion = (token: Buffer, sequence: number, packetBytes: number): Buffer => {
  const bytes = Buffer.alloc(packetBytes - IP_UDP_BYTES)
  bytes.write(MAGIC, 0, 'latin1')
  bytes[MAGIC.length] = VERSION
  bytes[KIND_AT] = QUESTION
  token.copy(bytes, TOKEN_AT, 0, TOKEN_BYTES)
  bytes.writeUInt32BE(sequence, SEQUENCE_AT)
  return bytes
}

/** The answer to a question; `null` to anything else. Pure. */
export const answerTo = (question: Buffer): Buffer | null => {
  if (!isOurs(question, QUESTION)) return null
  const answer = Buffer.from(question)
  answer[KIND_AT] = ANSWER
  return answer
}

/** Which question it answers, and of which size as an IP packet; `null` where it is no answer to one of this token's. Pure. */
export const parseAnswer = (bytes: Buffer, token: Buffer): { sequence: number; packetBytes: number } | null =>
  isOurs(bytes, ANSWER) && bytes.subarray(TOKEN_AT, SEQUENCE_AT).equals(token)
    ? { sequence: bytes.readUInt32BE(SEQUENCE_AT), packetBytes: bytes.length + IP_UDP_BYTES }
    : null
