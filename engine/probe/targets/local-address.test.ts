import { expect, it } from 'vitest'
import { localAddress } from './local-address.ts'

const { signal } = new AbortController()

it.each([
  ['127.0.0.1', '127.0.0.1'],
  // A broadcast address, which the kernel refuses: no way leads there.
  ['255.255.255.255', null],
])('towards %s this host is %s', async (host, address) => {
  expect(await localAddress(host, signal)).toBe(address)
})

it('is not looked for any more where that was cancelled', async () => {
  expect(await localAddress('127.0.0.1', AbortSignal.abort())).toBeNull()
  const cancel = new AbortController()
  const looking = localAddress('127.0.0.1', cancel.signal)
  cancel.abort()
  expect(await looking).toBeNull()
})
