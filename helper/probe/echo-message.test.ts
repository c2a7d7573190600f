import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerTo, HEADER_BYTES, IP_UDP_BYTES, parseAnswer, renderQuestion } from './echo-message.ts'

const token = Buffer.from('12345678')
const packetBytes = fc.integer({ min: HEADER_BYTES + IP_UDP_BYTES, max: 9216 })

describe('an echo', () => {
  it('comes back as long as it was asked, and tells which question it answers', () => {
    fc.assert(
      fc.property(packetBytes, fc.nat(2 ** 32 - 1), (size, sequence) => {
        const question = renderQuestion(token, sequence, size)
        const answer = answerTo(question)
        expect(question).toHaveLength(size - IP_UDP_BYTES)
        expect(answer).toHaveLength(question.length)
        expect(parseAnswer(answer as Buffer, token)).toEqual({ sequence, packetBytes: size })
      }),
    )
  })

  it('is no answer to somebody else’s question', () => {
    const answer = answerTo(renderQuestion(token, 1, 100)) as Buffer
    expect(parseAnswer(answer, Buffer.from('87654321'))).toBeNull()
  })

  it('is not answered again, so that two who answer never talk to each other', () => {
    const question = renderQuestion(token, 1, 100)
    expect(parseAnswer(question, token)).toBeNull()
    expect(answerTo(answerTo(question) as Buffer)).toBeNull()
  })

  it('is what answers nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(answerTo(Buffer.from(bytes))).toBeNull()
      }),
    )
    expect(answerTo(renderQuestion(token, 1, 100).subarray(0, HEADER_BYTES - 1))).toBeNull()
  })
})
