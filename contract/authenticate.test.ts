import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presentToken, requireToken } from './authenticate.ts'
import { memoryPorts } from './ports/memory.ts'

describe('requireToken', () => {
  const outcome = async (presented: string, required: string): Promise<unknown> => {
    const [here, there] = memoryPorts()
    await presentToken(here, presented)
    const [result] = await Promise.allSettled([requireToken(there, required)])
    here.writer.end()
    return result.status === 'fulfilled' ? result.value === there : result.reason.code
  }

  it('gives the port back for the very token, and for no other', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, text, async (token, other) => {
        expect(await outcome(token, token)).toBe(true)
        expect(await outcome(other, token)).toBe(other === token ? true : 'denied')
        expect(await outcome(token.repeat(2), token)).toBe('denied')
        expect(await outcome('', token)).toBe('denied')
      }),
    )
  })

  it('takes no token for an empty one', async () => {
    expect(await outcome('', '')).toBe('denied')
  })

  it('gives up when the peer leaves', async () => {
    const [here, there] = memoryPorts()
    const waiting = requireToken(there, 'token')
    here.writer.end()
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' })
  })
})
