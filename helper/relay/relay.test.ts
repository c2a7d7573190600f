import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { RelayConfig } from './config.ts'
import { makeRelay, type RelayParts } from './relay.ts'
import { makeFarEnd } from './testing/far-end.ts'

/* The whole of it over loopback: real sockets, Multipath TCP where this kernel has it. */

const open: { close: () => void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

const listening = async (server: Server, host = '127.0.0.1'): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => void sockets.add(socket))
  open.push({
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const reach = (port: number): Socket => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  open.push({ close: () => socket.destroy() })
  return socket
}

const dial = async (port: number): Promise<Socket> => {
  const socket = reach(port)
  await once(socket, 'connect')
  return socket
}

const everything = async (socket: Socket): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Answers with the hash of all that it was sent, once that has ended. */
const hashing = (): Server =>
  createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    void everything(socket).then((bytes) => socket.end(`${bytes.length} ${digest(bytes)}`))
  })

const configFor = (ends: RelayConfig['ends']): RelayConfig => ({
  address: '127.0.0.1',
  port: 7010,
  routes: ['127.0.0.0/8'],
  own: ['127.0.0.2', '127.0.0.3'],
  ends,
})

const relayTo = async (farPort: number, destinationPort: number, more: Partial<RelayParts> = {}) => {
  const said: string[] = []
  const from = ['127.0.0.2', '127.0.0.3']
  const relay = makeRelay({
    config: () => configFor([{ address: '127.0.0.1', port: farPort, from }]),
    say: (line) => void said.push(line),
    serves: () => true,
    destinationOf: () => ({ address: '127.0.0.1', port: destinationPort }),
    ...more,
  })
  return { port: await listening(relay), said }
}

/** A port on which nobody listens. */
const deadPort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** How it ends: reset while it still connects, or later. */
const outcome = async (socket: Socket): Promise<string> => {
  const error = once(socket, 'error').then(([cause]) => (cause as NodeJS.ErrnoException).code ?? 'error')
  const closed = once(socket, 'close').then(() => 'closed')
  socket.resume()
  return Promise.race([error, closed])
}

describe('the relay', () => {
  it('carries both directions whole, with an end of its own each', async () => {
    const far = await listening(makeFarEnd(() => 'connect'))
    const { port, said } = await relayTo(far, await listening(hashing()))
    const socket = await dial(port)
    const bytes = randomBytes(3_000_000)
    socket.end(bytes)
    expect((await everything(socket)).toString()).toBe(`${bytes.length} ${digest(bytes)}`)
    expect(said).toEqual([])
  })

  it('begins each connection from another tunnel', async () => {
    const seen: string[] = []
    const end = makeFarEnd(() => 'connect')
    end.on('connection', (socket: Socket) => void seen.push(socket.remoteAddress ?? ''))
    const { port } = await relayTo(await listening(end), await listening(hashing()))
    for (let at = 0; at < 4; at += 1) {
      const socket = await dial(port)
      socket.end('x')
      await everything(socket)
    }
    expect(seen).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.3'])
  })

  it('does not take more than is read at the other end', async () => {
    let taken: Socket | null = null
    const idle = createServer({ pauseOnConnect: true }, (socket) => {
      taken = socket
    })
    const { port } = await relayTo(await listening(makeFarEnd(() => 'connect')), await listening(idle))
    const socket = await dial(port)
    const chunk = Buffer.alloc(1 << 20)
    let written = 0
    // Buffers of five sockets on the way hold some megabytes each, never all of this.
    const most = 200
    while (written < most && !socket.writableNeedDrain) {
      socket.write(chunk)
      written += 1
      const drained = await Promise.race([
        once(socket, 'drain').then(() => true),
        new Promise((resolve) => setTimeout(resolve, 400, false)),
      ])
      if (drained === false) break
    }
    expect(taken).not.toBeNull()
    expect(written).toBeLessThan(most)
  })

  it('resets what the destination refuses', async () => {
    const { port, said } = await relayTo(await listening(makeFarEnd(() => 'Connection refused')), 9)
    expect(await outcome(reach(port))).toBe('ECONNRESET')
    expect(said).toEqual([])
  })

  it('goes directly, by a tunnel, where no bastion has a relay, and says so once', async () => {
    const seen: string[] = []
    const server = hashing()
    server.on('connection', (socket: Socket) => void seen.push(socket.remoteAddress ?? ''))
    const { port, said } = await relayTo(await deadPort(), await listening(server))
    for (let at = 0; at < 2; at += 1) {
      const socket = await dial(port)
      socket.end('abc')
      expect((await everything(socket)).toString()).toBe(`3 ${digest(Buffer.from('abc'))}`)
    }
    expect(new Set(seen)).toEqual(new Set(['127.0.0.2', '127.0.0.3']))
    expect(said).toEqual([expect.stringContaining('directly')])
  })

  it('goes directly where the far end says nothing', async () => {
    const { port } = await relayTo(await listening(makeFarEnd(() => 'silent')), await listening(hashing()))
    const socket = await dial(port)
    socket.end('abc')
    expect((await everything(socket)).toString()).toMatch(/^3 /)
  })

  it('refuses directly what is refused', async () => {
    const { port } = await relayTo(await deadPort(), await deadPort())
    expect(await outcome(reach(port))).toBe('ECONNRESET')
  })

  it('breaks one side when the other breaks', async () => {
    const breaking = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.resetAndDestroy())
    })
    const { port } = await relayTo(await listening(makeFarEnd(() => 'connect')), await listening(breaking))
    const socket = await dial(port)
    socket.write('x')
    expect(await outcome(socket)).toBe('ECONNRESET')
  })

  it.each([
    ['leads nowhere of ours', { destinationOf: () => ({ address: '8.8.8.8', port: 53 }) }],
    ['came to it unredirected', { destinationOf: () => null }],
    ['comes from a machine it does not serve', { serves: () => false }],
  ])('resets what %s', async (_, parts) => {
    const { port } = await relayTo(await listening(makeFarEnd(() => 'connect')), await listening(hashing()), parts)
    expect(await outcome(reach(port))).toBe('ECONNRESET')
  })
})
