import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect as connectSocket, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../contract/connect.ts'
import { helperContract } from '../contract/helper.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { activatedDoor, mayEnter } from './door.ts'
import { listeningSocket } from './testing/listening-socket.ts'

const NOBODY = 65_534
const OWN = process.geteuid?.() ?? 0
const SERVER = join(import.meta.dirname, 'testing/serve-activated.ts')

let directory: string
let server: ChildProcess | null = null
let lines: AsyncIterator<string>
const sockets: Socket[] = []
let reader: Interface | null = null

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  reader?.close()
  if (server !== null && server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  server = null
  rmSync(directory, { recursive: true, force: true })
})

const path = (): string => join(directory, 'helper.sock')

/** Starts the server the way systemd does: the socket as descriptor 3, told by the environment whom it is for. */
const activate = async (allowedUid: number): Promise<void> => {
  const fd = listeningSocket(path(), 0o666)
  const argv = ['-c', 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', 'sh', process.execPath, SERVER, String(allowedUid)]
  server = spawn('/bin/sh', argv, { stdio: ['ignore', 'pipe', 'inherit', fd], env: {} })
  closeSync(fd)
  if (server.stdout === null) throw new Error('no output')
  reader = createInterface({ input: server.stdout })
  lines = reader[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
}

const nextLine = async (): Promise<unknown> => JSON.parse((await lines.next()).value)

const dial = (): Socket => {
  const socket = connectSocket(path())
  sockets.push(socket)
  return socket
}

describe('a socket that was made beforehand', () => {
  it('serves the user it is for, who needs no token', async () => {
    await activate(OWN)
    const client = connect(helperContract, byteStreamPort(dial()))
    expect(await client.call('hello', {})).toMatchObject({ generation: 7 })
    expect(await nextLine()).toMatchObject({ event: 'call', uid: OWN, verb: 'hello', outcome: 'ok' })
  })

  it('gives another user nothing, even where its mode would let them in', async (context) => {
    context.skip(OWN === 0, 'root may always; the next test has another user')
    await activate(OWN + 1)
    const socket = dial()
    await once(socket, 'close')
    expect(socket.bytesRead).toBe(0)
    expect(await nextLine()).toMatchObject({ event: 'connection', uid: OWN, outcome: 'denied' })
  })

  it('knows another user from the one it is for by the kernel', async (context) => {
    context.skip(OWN !== 0, 'only root can become another user')
    await activate(NOBODY)
    chmodSync(directory, 0o755)
    const knock = (uid: number): ChildProcess => {
      const become = `process.setgroups([]); process.setgid(${uid}); process.setuid(${uid})`
      const request = '{"jsonrpc":"2.0","id":1,"method":"hello","params":{}}\\n'
      const talk = `const s = require('node:net').connect('helper.sock'); s.write('${request}'); s.on('data', () => process.exit(3)); s.on('error', () => {}); s.on('close', () => process.exit(4))`
      return spawn(process.execPath, ['-e', `${become}; ${talk}`], {
        cwd: directory,
        stdio: 'inherit',
      })
    }
    expect(await once(knock(NOBODY - 1), 'exit')).toEqual([4, null])
    expect(await nextLine()).toMatchObject({ event: 'connection', uid: NOBODY - 1, outcome: 'denied' })
    expect(await once(knock(NOBODY), 'exit')).toEqual([3, null])
    expect(await nextLine()).toMatchObject({ event: 'call', uid: NOBODY, verb: 'hello', outcome: 'ok' })
  })

  it('stays where it is when its server ends', async () => {
    await activate(OWN)
    server?.kill('SIGTERM')
    if (server !== null) await once(server, 'exit')
    expect(existsSync(path())).toBe(true)
  })
})

describe('a door', () => {
  it('is not opened where no socket was handed over, or to another process', () => {
    expect(() => activatedDoor({}, 7, OWN)).toThrow(/does not name this process/)
    expect(() => activatedDoor({ LISTEN_PID: '8', LISTEN_FDS: '1' }, 7, OWN)).toThrow(/does not name this process/)
    expect(() => activatedDoor({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7, OWN)).toThrow(/"2"/)
  })

  it('of our own is for our own user alone, root or not', () => {
    const door = { path: '/x', token: 't' }
    expect([0, 1000, NOBODY, undefined].filter((uid) => mayEnter(door, uid, 1000))).toEqual([1000])
  })

  it('of systemd is for its user and for root', () => {
    const door = { fd: 3, uids: [0, 1000] }
    expect([0, 1000, NOBODY, undefined].filter((uid) => mayEnter(door, uid, 0))).toEqual([0, 1000])
  })
})
