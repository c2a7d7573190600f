import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { presentToken } from '../contract/authenticate.ts'
import { connect } from '../contract/connect.ts'
import type { Client } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import { type HelperContract, helperContract } from '../contract/helper.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import type { AuditLine } from './audit.ts'
import { prepareDirectory } from './directory.ts'
import { checkPeerCredentials, peerCredentials } from './peer-credentials.ts'
import { type ServerOptions, startServer } from './server.ts'
import { fakeHandlers } from './testing/fake-handlers.ts'

const TOKEN = 'a-token-of-the-test'
const NOBODY = 65_534

let directory: string
let server: Server | null = null
let lines: AuditLine[]
const sockets: Socket[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  lines = []
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server?.close()
  server = null
  rmSync(directory, { recursive: true, force: true })
})

const path = (): string => join(directory, 'helper.sock')

const start = async (changes: Partial<ServerOptions> = {}): Promise<void> => {
  server = await startServer({
    door: { path: path(), token: TOKEN },
    audit: (line) => void lines.push(line),
    generation: () => 7,
    handlersFor: () => fakeHandlers(),
    ...changes,
  })
}

const dial = async (): Promise<Socket> => {
  const socket = connectSocket(path())
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

const client = async (token = TOKEN): Promise<Client<HelperContract>> => {
  const port = byteStreamPort(await dial())
  await presentToken(port, token)
  return connect(helperContract, port)
}

describe('the socket', () => {
  it('can be reached by its owner alone, from the moment it is there', async () => {
    const mask = process.umask(0)
    try {
      await start()
      expect(statSync(path()).mode & 0o777).toBe(0o600)
      expect(process.umask(0)).toBe(0)
    } finally {
      process.umask(mask)
    }
  })

  it('takes the place of one that a dead helper left', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(path())}, () => process.kill(process.pid, 'SIGKILL'))`,
    ])
    await once(child, 'exit')
    expect(existsSync(path())).toBe(true)
    await start()
    expect(await (await client()).call('hello', {})).toMatchObject({ generation: 7 })
  })
})

describe('a caller', () => {
  it('with the token is served, and leaves one line for each call', async () => {
    await start()
    await (await client()).call('hello', {})
    expect(lines).toEqual([
      { event: 'call', uid: process.geteuid?.(), verb: 'hello', generation: 7, ms: expect.any(Number), outcome: 'ok' },
    ])
  })

  it.each(['', 'wrong', `${TOKEN}x`])('with the token %j gets nothing', async (token) => {
    await start()
    const guest = await client(token)
    await expect(guest.call('hello', {})).rejects.toMatchObject({ code: 'disconnected' })
    expect(lines).toMatchObject([{ event: 'connection', outcome: 'denied' }])
    expect(JSON.stringify(lines)).not.toContain(TOKEN)
  })

  it('that asks before it gives the token gets nothing', async () => {
    await start()
    const guest = connect(helperContract, byteStreamPort(await dial()))
    await expect(guest.call('hello', {})).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('of another user gets nothing, not even the time to give a token', async () => {
    await start({ credentialsOf: () => ({ pid: 1, uid: NOBODY }) })
    const socket = connectSocket(path())
    sockets.push(socket)
    await once(socket, 'close')
    expect(socket.bytesRead).toBe(0)
    expect(lines).toMatchObject([{ event: 'connection', uid: NOBODY, outcome: 'denied' }])
  })

  it('whom the kernel cannot name counts as a stranger', async () => {
    await start({ credentialsOf: () => null })
    const socket = connectSocket(path())
    sockets.push(socket)
    await once(socket, 'close')
    expect(lines).toMatchObject([{ outcome: 'denied' }])
  })

  it('is checked again before each request', async () => {
    let uid = process.geteuid?.() ?? 0
    await start({ credentialsOf: () => ({ pid: 1, uid }) })
    const guest = await client()
    await guest.call('hello', {})
    uid = NOBODY
    await expect(guest.call('hello', {})).rejects.toMatchObject({ code: 'denied' })
  })

  it('of another user is known by the kernel, even where files would let it in', async (context) => {
    context.skip(process.geteuid?.() !== 0, 'only root can become another user')
    await start()
    chmodSync(directory, 0o755)
    chmodSync(path(), 0o666)
    // From inside the directory and by a process already begun: neither the way there nor Node need be open to others.
    const become = `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY})`
    const knock = `${become}; const s = require('node:net').connect(${JSON.stringify(basename(path()))}); s.write('{"token":"${TOKEN}"}\\n'); s.on('data', () => process.exit(3)); s.on('error', () => {}); s.on('close', () => process.exit(0))`
    const child = spawn(process.execPath, ['-e', knock], { cwd: directory, stdio: 'inherit' })
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(lines).toMatchObject([{ event: 'connection', uid: NOBODY, outcome: 'denied' }])
  })

  it('that hurries beyond measure is slowed down, not served', async () => {
    await start()
    const guest = await client()
    const calls = Array.from({ length: 200 }, () =>
      guest.call('hello', {}).then(
        () => 'ok',
        (error: MoleError) => error.code,
      ),
    )
    const first = await Promise.all(calls)
    const rest = await Promise.all(
      Array.from({ length: 3 }, () =>
        Promise.all(
          Array.from({ length: 200 }, () =>
            guest.call('hello', {}).then(
              () => 'ok',
              (error: MoleError) => error.code,
            ),
          ),
        ),
      ),
    )
    expect(new Set(first)).toEqual(new Set(['ok']))
    expect(rest.flat()).toContain('capacity')
  })

  it('that sends what the contract does not know is refused and noted, without what it sent', async () => {
    await start()
    const guest = await client()
    await expect(guest.call('keys.forget', { names: ['../../etc/passwd'] })).rejects.toMatchObject({
      code: 'bad-input',
    })
    expect(lines).toMatchObject([{ event: 'call', verb: 'keys.forget', outcome: 'bad-input' }])
    expect(JSON.stringify(lines)).not.toContain('passwd')
  })

  it('learns nothing of an unforeseen failure; the log does', async () => {
    await start({
      handlersFor: () =>
        fakeHandlers({
          hello: async () => {
            throw new Error('disk 7 is full')
          },
        }),
    })
    const failure = await (await client()).call('hello', {}).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'internal' })
    const { message, data } = failure as MoleError
    expect(JSON.stringify([message, data])).not.toContain('disk 7')
    expect(JSON.stringify(lines)).toContain('disk 7')
  })

  it('is refused once, in one line, by a handler', async () => {
    await start({
      handlersFor: () =>
        fakeHandlers({
          hello: async () => {
            throw new MoleError('conflict', 'not now')
          },
        }),
    })
    await (await client()).call('hello', {}).catch(() => null)
    expect(lines).toMatchObject([{ verb: 'hello', outcome: 'conflict', detail: 'not now' }])
  })
})

describe('peer credentials', () => {
  it('name the process at the other end', async () => {
    const seen = new Promise((resolve) => {
      server = createServer((socket) => {
        resolve(peerCredentials(socket))
        socket.destroy()
      }).listen(path())
    })
    await dial()
    expect(await seen).toEqual({ pid: process.pid, uid: process.geteuid?.() })
  })

  it('pass their own test, which leaves nothing behind', async () => {
    await checkPeerCredentials(directory)
    expect(existsSync(join(directory, 'self.sock'))).toBe(false)
  })

  it('are unknown of a socket that is closed', async () => {
    const socket = connectSocket(join(directory, 'nobody.sock'))
    await expect(once(socket, 'connect')).rejects.toThrow(/ENOENT/)
    expect(peerCredentials(socket)).toBeNull()
  })
})

describe('the directory', () => {
  it('is made 0700, and taken back from others', () => {
    const inner = join(directory, 'lab')
    prepareDirectory(inner)
    expect(statSync(inner).mode & 0o777).toBe(0o700)
    chmodSync(inner, 0o777)
    prepareDirectory(inner)
    expect(statSync(inner).mode & 0o777).toBe(0o700)
  })

  it('is refused when it is a link, a file, or has too long a path', () => {
    mkdirSync(join(directory, 'real'))
    symlinkSync(join(directory, 'real'), join(directory, 'link'))
    writeFileSync(join(directory, 'file'), '')
    expect(() => prepareDirectory(join(directory, 'link'))).toThrow(/not a directory of its own/)
    expect(() => prepareDirectory(join(directory, 'file'))).toThrow()
    expect(() => prepareDirectory(join(directory, 'x'.repeat(120)))).toThrow(/too long a path/)
  })

  it('is refused when it is somebody else’s', () => {
    const isRoot = process.geteuid?.() === 0
    // Root can give one away; to everybody else root's are foreign.
    if (isRoot) chownSync(directory, NOBODY, NOBODY)
    expect(() => prepareDirectory(isRoot ? directory : '/usr')).toThrow(/another user/)
  })
})
