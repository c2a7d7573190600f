import { describe, expect, it } from 'vitest'
import { hurriedClock } from '../testing/hurried-clock.ts'
import { withLimit } from './with-limit.ts'

const clock = hurriedClock()
const never = new AbortController().signal

describe('withLimit', () => {
  it('gives the result, or the failure, of what ends in time', async () => {
    expect(await withLimit('it', 1000, clock, never, async () => 7)).toBe(7)
    await expect(withLimit('it', 1000, clock, never, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  })

  it('gives up at the limit even on what does not listen, and says what it was', async () => {
    await expect(
      withLimit('Launch the bastion', 500, clock, never, () => new Promise(() => undefined)),
    ).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('Launch the bastion'),
    })
  })

  it('aborts the work and waits for it to stop before it gives up', async () => {
    const outer = new AbortController()
    let stopped = false
    const work = withLimit('it', 10_000, clock, outer.signal, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      stopped = true
      throw new Error('stopped late')
    })
    outer.abort(new Error('cancelled by test'))
    await expect(work).rejects.toThrow('cancelled by test')
    expect(stopped).toBe(true)
  })

  it('does not begin when it is cancelled already', async () => {
    let begun = false
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(
      withLimit('it', 1000, clock, signal, async () => {
        begun = true
      }),
    ).rejects.toThrow('too late')
    expect(begun).toBe(false)
  })
})
