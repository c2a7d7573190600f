import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type PanelServer, servePanel } from './serve-panel.ts'

let directory: string
let server: PanelServer
let admitted: WebSocket[]
let clients: WebSocket[]

const start = (options: Partial<Parameters<typeof servePanel>[0]> = {}): Promise<PanelServer> =>
  servePanel({
    root: join(directory, 'renderer'),
    unixSocket: join(directory, 'panel.sock'),
    authenticateWithinMs: 150,
    onSocket: (socket) => {
      admitted.push(socket)
      socket.on('message', (data) => socket.send(`echo ${String(data)}`))
    },
    ...options,
  })

beforeEach(async () => {
  admitted = []
  clients = []
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  await mkdir(join(directory, 'renderer'))
  await writeFile(join(directory, 'renderer', 'index.html'), '<!doctype html><title>Cloud Mole</title>')
  server = await start()
})

afterEach(async () => {
  for (const client of clients) client.terminate()
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

type Answer = { status: number; headers: IncomingHttpHeaders; text: string }

const ask = (options: RequestOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path: '/', agent: false, ...options }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })

const own = (): string => `127.0.0.1:${server.port}`

const open = (headers: Record<string, string> = {}, path = '/socket'): WebSocket => {
  const client = new WebSocket(`ws://${own()}${path}`, { headers: { origin: `http://${own()}`, ...headers } })
  client.on('error', () => {})
  clients.push(client)
  return client
}

const status = (client: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    client.once('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0))
    client.once('open', () => resolve(101))
  })

const closeCode = (client: WebSocket): Promise<number> => new Promise((resolve) => client.once('close', resolve))

const message = (client: WebSocket): Promise<string> =>
  new Promise((resolve, reject) => {
    client.once('message', (data) => resolve(String(data)))
    client.once('close', (code) => reject(new Error(`closed ${code}`)))
  })

const present = async (client: WebSocket, secret: string): Promise<string> => {
  if (client.readyState !== WebSocket.OPEN) await new Promise((resolve) => client.once('open', resolve))
  const answer = message(client)
  client.send(JSON.stringify({ token: secret }))
  return answer
}

const tokenOf = (link: string): string => new URL(link).hash.replace('#token=', '')

describe('HTTP', () => {
  it('serves the page with a strict policy and no CORS', async () => {
    const answer = await ask({})
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('Cloud Mole')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('lets the page connect to itself and to nothing else, under whichever name it was asked for', async () => {
    const policyFor = async (host: string): Promise<unknown> =>
      (await ask({ headers: { host } })).headers['content-security-policy']
    expect(await policyFor(own())).toContain(`connect-src 'self' ws://${own()};`)
    expect(await policyFor('localhost:9999')).toContain("connect-src 'self' ws://localhost:9999;")
    expect(await policyFor('evil.example')).toContain("connect-src 'self';")
  })

  it('answers HEAD with headers only', async () => {
    expect(await ask({ method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('refuses %s', async (method) => {
    const answer = await ask({ method })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('refuses a rebound name, also with the security headers', async () => {
    const answer = await ask({ headers: { host: `evil.example:${server.port}` } })
    expect(answer.status).toBe(421)
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.text).not.toContain('<title>')
  })

  it('is not fooled by an absolute request target', async () => {
    expect((await ask({ path: 'http://evil.example/', headers: { host: 'evil.example' } })).status).not.toBe(200)
    expect((await ask({ path: 'http://evil.example/../../etc/passwd' })).status).not.toBe(200)
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/....//package.json', '/.git/config'])(
    'has nothing at %s',
    async (path) => {
      expect((await ask({ path })).status).toBe(404)
    },
  )

  it('answers under another port number, as behind ssh -L', async () => {
    expect((await ask({ headers: { host: 'localhost:9999' } })).status).toBe(200)
  })

  it('serves the Unix socket by the same rules, closed to other users', async () => {
    const path = join(directory, 'panel.sock')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const over = { socketPath: path, host: undefined, port: undefined }
    expect((await ask({ ...over, headers: { host: 'localhost:8080' } })).status).toBe(200)
    expect((await ask({ ...over, headers: { host: 'evil.example' } })).status).toBe(421)
  })
})

describe('the bind address', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'localhost'])('refuses %s', async (address) => {
    await expect(start({ address })).rejects.toMatchObject({ code: 'denied', data: { field: 'address' } })
  })

  it('says so when the port is taken', async () => {
    const taken = start({ port: server.port, unixSocket: join(directory, 'other.sock') })
    await expect(taken).rejects.toMatchObject({ code: 'conflict', data: { field: 'port' } })
  })

  it('replaces the socket file of a dead engine, but no other file', async () => {
    await server.close()
    server = await start()
    await writeFile(join(directory, 'mine'), 'keep')
    await expect(start({ unixSocket: join(directory, 'mine') })).rejects.toThrow()
  })
})

describe('the WebSocket', () => {
  it.each([
    ['another site', { origin: 'http://evil.example' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['https', { origin: 'https://127.0.0.1' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['a rebound name', { host: 'evil.example', origin: 'http://evil.example' }, 421],
  ])('is refused to %s', async (_who, headers, code) => {
    expect(await status(open(headers))).toBe(code)
  })

  it('is refused without an Origin, and at any other path', async () => {
    const bare = new WebSocket(`ws://${own()}/socket`)
    bare.on('error', () => {})
    clients.push(bare)
    expect(await status(bare)).toBe(403)
    expect(await status(open({}, '/other'))).toBe(404)
    expect(await status(open({}, '/socket?token=x'))).toBe(404)
  })

  it('takes the token of a link once, then its session again and again', async () => {
    const token = tokenOf(server.link())
    const { session } = JSON.parse(await present(open(), token)) as { session: string }
    expect(session).toMatch(/^[0-9a-f]{64}$/)
    await expect(present(open(), token)).rejects.toThrow('closed 4401')
    expect(JSON.parse(await present(open(), session))).toEqual({ session })
    expect(admitted).toHaveLength(2)
  })

  it('makes a fresh link each time, with the token where servers and logs never see it', () => {
    const [first, second] = [new URL(server.link()), new URL(server.link())]
    expect(first.hash).not.toBe(second.hash)
    expect(first.hash).toMatch(/^#token=[0-9a-f]{64}$/)
    expect(first.pathname + first.search).toBe('/')
  })

  it('loses no message that follows the token at once', async () => {
    const client = open()
    await new Promise((resolve) => client.once('open', resolve))
    const answers: string[] = []
    client.on('message', (data) => answers.push(String(data)))
    client.send(JSON.stringify({ token: tokenOf(server.link()) }))
    client.send('one')
    client.send('two')
    await expect.poll(() => answers.slice(1)).toEqual(['echo one', 'echo two'])
  })

  it.each([
    ['not JSON', 'token'],
    ['an unknown token', JSON.stringify({ token: 'a'.repeat(64) })],
    ['a short token', JSON.stringify({ token: 'a' })],
    ['an extra key', JSON.stringify({ token: 'a'.repeat(64), admin: true })],
    ['a request', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'engine.hello' })],
    ['a long frame', 'x'.repeat(5000)],
    ['a binary frame', Buffer.from('{}')],
  ])('is closed on %s', async (_what, frame) => {
    const client = open()
    client.once('open', () => client.send(frame))
    expect(await closeCode(client)).toBe(4401)
    expect(admitted).toHaveLength(0)
  })

  it('is closed when no token comes in time', async () => {
    expect(await closeCode(open())).toBe(4408)
  })

  it('is closed on a message over 1 MiB, and the server lives on', async () => {
    const client = open()
    await present(client, tokenOf(server.link()))
    client.send('x'.repeat(1024 * 1024 + 1))
    expect(await closeCode(client)).toBe(1009)
    expect((await ask({})).status).toBe(200)
  })

  it('is bounded in number', async () => {
    await server.close()
    server = await start({ authenticateWithinMs: 60_000 })
    const first = Array.from({ length: 32 }, () => open())
    expect(new Set(await Promise.all(first.map(status)))).toEqual(new Set([101]))
    expect(await status(open())).toBe(503)
  })

  it('survives a peer that vanishes in the middle of the handshake', async () => {
    const raw = connect(server.port, '127.0.0.1')
    await new Promise((resolve) => raw.once('connect', resolve))
    raw.write(
      `GET /socket HTTP/1.1\r\nHost: ${own()}\r\nOrigin: http://${own()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    )
    raw.resetAndDestroy()
    expect((await ask({})).status).toBe(200)
  })

  it('is over once it was refused, though its peer keeps the connection open', async () => {
    const raw = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true })
    raw.on('error', () => {})
    try {
      raw.write(`GET /socket HTTP/1.1\r\nHost: ${own()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`)
      const answer = await new Promise((resolve) => raw.once('data', (data) => resolve(String(data))))
      expect(answer).toMatch(/^HTTP\/1\.1 403 /)
      await server.close()
    } finally {
      raw.destroy()
    }
    server = await start()
  })

  it('takes no token that comes too late, and leaves it unused', async () => {
    const client = open()
    await new Promise((resolve) => client.once('open', resolve))
    const token = tokenOf(server.link())
    // The close frame is on its way, and this peer has not seen it yet.
    client.pause()
    await new Promise((resolve) => setTimeout(resolve, 300))
    client.send(JSON.stringify({ token }))
    client.resume()
    expect(await closeCode(client)).toBe(4408)
    expect(admitted).toHaveLength(0)
    expect(JSON.parse(await present(open(), token))).toHaveProperty('session')
  })
})
