import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { addressFinder } from './find-address.ts'

let server: Server | null = null
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = null
})

const answering = async (status: number, body: string): Promise<string> => {
  const made = createServer((_, response) => response.writeHead(status).end(body))
  server = made
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
}
const never = new AbortController().signal

it('is what the answer says', async () => {
  expect(await addressFinder(await answering(200, '198.51.100.7\n'))(never)).toBe('198.51.100.7')
})

it.each([
  [200, '<html>sign in first</html>'],
  [200, '2001:db8::1'],
  [200, '127.0.0.1'],
  [200, '198.51.100.7/0'],
  [200, ''],
  [500, '198.51.100.7'],
  [200, `198.51.100.7${'x'.repeat(100_000)}`],
])('is not known from an answer with status %i and %j', async (status, body) => {
  await expect(addressFinder(await answering(status, body))(never)).rejects.toMatchObject({
    code: 'not-available',
    data: { field: 'aws.source_cidr' },
  })
})

it('is not known where nobody answers', async () => {
  const url = await answering(200, '')
  server?.close()
  server = null
  await expect(addressFinder(url)(never)).rejects.toMatchObject({ code: 'not-available' })
})
