import { once } from 'node:events'
import { expect, expectTypeOf, it } from 'vitest'
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { connect } from '../connect.ts'
import { call } from '../define.ts'
import { serve } from '../serve.ts'
import { type WebSocketLike, webSocketPort } from './web-socket.ts'

const contract = { page: call('read', z.strictObject({ n: z.int() }), z.strictObject({ text: z.string() })) } as const
const handlers = { page: async ({ n }: { n: number }) => ({ text: `${n}`.repeat(100_000) }) }

it('takes the sockets of browsers and of ws', () => {
  expectTypeOf<WebSocket>().toExtend<WebSocketLike>()
  expectTypeOf<NodeWebSocket>().toExtend<WebSocketLike>()
})

it.each([
  ['ws', NodeWebSocket],
  ['the standard', WebSocket],
])('a client of %s may call while it is still connecting, and gets its answers in order', async (_, Socket) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  server.on('connection', (socket) => serve(contract, handlers, webSocketPort(socket)))
  const { port } = server.address() as { port: number }
  const client = connect(contract, webSocketPort(new Socket(`ws://127.0.0.1:${port}`)))
  const order: number[] = []
  const ask = async (n: number) => {
    const { text } = await client.call('page', { n })
    expect(text).toHaveLength(100_000)
    order.push(n)
  }
  await Promise.all([1, 2, 3, 4, 5].map(ask))
  expect(order).toEqual([1, 2, 3, 4, 5])
  client.close()
  await client.closed
  server.close()
  await once(server, 'close')
})

/** A socket whose network takes nothing until it is told to. */
const stuckSocket = () => {
  const events = new EventTarget()
  return {
    readyState: 1,
    bufferedAmount: 0,
    addEventListener: events.addEventListener.bind(events) as WebSocketLike['addEventListener'],
    send(text: string) {
      this.bufferedAmount += text.length
    },
    close: () => events.dispatchEvent(new Event('close')),
  }
}

it('makes a writer wait while the network takes nothing', async () => {
  const socket = stuckSocket()
  const { writer } = webSocketPort(socket)
  const message = { jsonrpc: '2.0', method: 'm', params: ['x'.repeat(900_000)] }
  let isWritten = false
  const writing = writer.write(message).then(() => {
    isWritten = true
  })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(isWritten).toBe(false)
  socket.bufferedAmount = 0
  await writing
  writer.end()
})

it('tells a client that nobody listens', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  const client = connect(contract, webSocketPort(new NodeWebSocket(`ws://127.0.0.1:${port}`)))
  await expect(client.call('page', { n: 1 })).rejects.toMatchObject({ code: 'disconnected' })
  await client.closed
})
