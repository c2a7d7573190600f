import { describe, expect, it } from 'vitest'
import { remembered } from './remembered.ts'

/** Finds one after the other; an error is thrown. Beyond the last it must not be asked. */
const finds = (...findings: readonly (string | Error)[]): { readonly look: () => Promise<string> } => {
  const rest = [...findings]
  return {
    look: async () => {
      const found = rest.shift()
      if (found === undefined) throw new Error('looked once too often')
      if (found instanceof Error) throw found
      return found
    },
  }
}

describe('what is remembered', () => {
  it('is looked at once', async () => {
    const find = remembered(finds('kernel').look)
    expect([await find(), await find()]).toEqual(['kernel', 'kernel'])
  })

  it('is not that something was missing: it may be installed at any time', async () => {
    const find = remembered(finds('missing', 'userspace').look)
    expect([await find(), await find(), await find()]).toEqual(['missing', 'userspace', 'userspace'])
  })

  it('is not a look that failed', async () => {
    const find = remembered(finds(new Error('the machine was too busy'), 'kernel').look)
    await expect(find()).rejects.toThrow('too busy')
    expect(await find()).toBe('kernel')
  })

  it('is looked at once by all who ask at the same time', async () => {
    const find = remembered(finds('kernel').look)
    expect(await Promise.all([find(), find()])).toEqual(['kernel', 'kernel'])
  })
})
