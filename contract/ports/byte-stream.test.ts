import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connect } from '../connect.ts'
import type { LogEntry } from '../connection.ts'
import { call, stream } from '../define.ts'
import { MAX_UNSENT_CHARACTERS } from '../limits.ts'
import { serve } from '../serve.ts'
import { byteStreamPort } from './byte-stream.ts'

const contract = {
  page: call('read', z.strictObject({}), z.strictObject({ text: z.string() })),
  pages: stream('read', z.strictObject({}), z.strictObject({ text: z.string() }), 'latest'),
} as const

const PAGE = { text: 'x'.repeat(500_000) }

describe('byteStreamPort', () => {
  let directory: string
  let server: Server
  const sockets: Socket[] = []
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mole-'))
    server = createServer((socket) => sockets.push(socket)).listen(join(directory, 's'))
    await once(server, 'listening')
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    server.close()
    await rm(directory, { recursive: true })
  })

  const pair = async (): Promise<[client: Socket, server: Socket]> => {
    const accepted = once(server, 'connection')
    const socket = connectSocket(join(directory, 's'))
    sockets.push(socket)
    return [socket, (await accepted)[0]]
  }

  it('cuts off a peer that asks and asks and never reads', async () => {
    const [deaf, socket] = await pair()
    const log: LogEntry[] = []
    const handlers = { page: async () => PAGE, pages: async function* () {} }
    const service = serve(contract, handlers, byteStreamPort(socket), { log: (entry) => log.push(entry) })
    deaf.on('error', () => {})
    const requests = MAX_UNSENT_CHARACTERS / PAGE.text.length + 10
    for (let id = 0; id < requests; id += 1) deaf.write(`{"jsonrpc":"2.0","id":${id},"method":"page","params":{}}\n`)
    await service.closed
    expect(log).toMatchObject([{ event: 'closed', error: { code: 'slow-reader' } }])
  })

  it('holds a stream back as long as the peer does not read', async () => {
    const [deaf, socket] = await pair()
    let made = 0
    const handlers = {
      page: async () => PAGE,
      pages: async function* () {
        for (; made < 500; made += 1) yield PAGE
      },
    }
    const limits = { streamQueue: 4 }
    const service = serve(contract, handlers, byteStreamPort(socket), { limits })
    deaf.write('{"jsonrpc":"2.0","id":1,"method":"stream.open","params":{"stream":1,"method":"pages","input":{}}}\n')
    await expect.poll(() => made).toBe(500)
    // One frame waits for the socket; all others were dropped or are in the queue of four.
    expect(socket.writableLength).toBeLessThan(2 * PAGE.text.length)
    deaf.destroy()
    await service.closed
  })

  it('lets the last answer out before it closes', async () => {
    const [here, there] = await pair()
    const service = serve(contract, { page: async () => PAGE, pages: async function* () {} }, byteStreamPort(there))
    const client = connect(contract, byteStreamPort(here))
    const page = client.call('page', {})
    expect((await page).text).toHaveLength(PAGE.text.length)
    service.close()
    await client.closed
  })

  it('says so when the peer left in the middle of a frame', async () => {
    const [here, there] = await pair()
    const log: LogEntry[] = []
    const handlers = { page: async () => PAGE, pages: async function* () {} }
    const service = serve(contract, handlers, byteStreamPort(there), { log: (entry) => log.push(entry) })
    here.end('{"jsonrpc":')
    await service.closed
    expect(log).toMatchObject([{ event: 'closed', error: { message: expect.stringContaining('half a frame') } }])
  })

  it('knows a socket that is closed already', async () => {
    const [here] = await pair()
    here.destroy()
    await once(here, 'close')
    await expect(connect(contract, byteStreamPort(here)).closed).resolves.toBeUndefined()
  })
})
