import { describe, expect, it } from 'vitest'
import type { HelperClient, HostAccess } from '../cloud/provider.ts'
import { openHelperLink } from './helper-link.ts'

/** A helper that is reached after a moment; counts the connections that are open. */
const fakeAccess = (): { readonly access: HostAccess; readonly open: () => number } => {
  let open = 0
  const reach = async (): Promise<HelperClient> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    open += 1
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    const close = (): void => {
      open -= 1
      resolve()
    }
    const unasked = (): never => {
      throw new Error('nothing is asked of it here')
    }
    return { call: unasked, stream: unasked, closed, close }
  }
  const access = { ensure: reach, find: reach, lives: async () => true, remove: async () => undefined }
  return { access, open: () => open }
}

const soon = (): AbortSignal => AbortSignal.timeout(10_000)

describe('the link to the helper', () => {
  it('is one connection, however many ask for it at once, and whichever way', async () => {
    const { access, open } = fakeAccess()
    const link = openHelperLink(access)
    const clients = await Promise.all([link.ensure(soon()), link.find(), link.find(), link.ensure(soon())])
    expect(new Set(clients).size).toBe(1)
    expect(open()).toBe(1)
    link.release()
    expect(open()).toBe(0)
  })

  it('is made anew when it was let go', async () => {
    const { access, open } = fakeAccess()
    const link = openHelperLink(access)
    const first = await link.find()
    link.release()
    expect(await link.find()).not.toBe(first)
    expect(open()).toBe(1)
  })
})
