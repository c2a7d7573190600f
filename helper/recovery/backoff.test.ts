import { describe, expect, it } from 'vitest'
import { makeBackoff } from './backoff.ts'

describe('when it is tried again', () => {
  it('is at once, then after 1, 2, 4 … 60 s', () => {
    const backoff = makeBackoff()
    const waits = Array.from({ length: 9 }, () => backoff.next(5000))
    expect(waits).toEqual([0, 1000, 3000, 7000, 15_000, 31_000, 63_000, 123_000, 183_000])
  })

  it('is at once again after a long quiet, and sooner where time has passed already', () => {
    const backoff = makeBackoff()
    expect([backoff.next(0), backoff.next(400), backoff.next(200_000)]).toEqual([0, 600, 0])
  })
})
