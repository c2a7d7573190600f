import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { answerTo } from '../echo-message.ts'
import { type EchoClient, openEchoClient } from './echo-client.ts'

/** Answers, but for what is larger than this only a piece comes back. */
const MOST_PAYLOAD_BYTES = 200

let server: Socket
let client: EchoClient
beforeEach(async () => {
  server = createSocket('udp4')
  server.on('message', (question, { port, address }) => {
    server.send((answerTo(question) ?? question).subarray(0, MOST_PAYLOAD_BYTES), port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  client = openEchoClient('127.0.0.1', server.address().port)
})
afterEach(() => {
  client.close()
  server.close()
})

it('takes only an answer of the size that was asked', async () => {
  const [large, small] = [client.send(500), client.send(100)]
  // They come in their order: when the second is here, the first has been.
  await client.wait([small], 10_000)
  expect(small.rttMs()).toBeGreaterThanOrEqual(0)
  expect(large.rttMs()).toBeNull()
})
