import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../../paths.ts'

/** The bastion's agent and relay, run by themselves on loopback; a script of the test's stands for the boot script. */
const PYTHON = '/usr/bin/python3'
const AGENT = join(packageRoot(), 'resources/bastion/agent.py')
/** Where they listen: an address of loopback whose third octet is no lane's number. */
const ADDRESS = '127.0.0.1'
/** What is reached through the relay. */
const RESOURCE = '127.0.0.2'
const KEY = Buffer.alloc(32, 7).toString('base64')

/** Tells what it was asked, then answers as boot.sh does. */
const SCRIPT = `echo "$*" >>"$0.asked"
[ "$1" != make-lane ] || echo "$2 51829 ${KEY}"
[ "$1" != drop-lane ] || [ "$2" != 10 ] || exit 3
echo "9 51821 ${KEY}"
`

let directory: string
let agent: ChildProcess
let server: Server
let ports: { agent: number; relay: number; resource: number }

const listening = (each: Server, address = ADDRESS): Promise<number> =>
  new Promise((resolve) => {
    each.listen(0, address, () => resolve((each.address() as { port: number }).port))
  })

const freePort = async (): Promise<number> => {
  const each = createServer()
  const port = await listening(each)
  await new Promise((resolve) => each.close(resolve))
  return port
}

/** Everything the other end says, until it ends; `null` when nobody listens. */
const exchange = (port: number, text: string | Buffer): Promise<string | null> =>
  new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, ADDRESS)
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      heard += chunk
    })
    socket.on('error', () => resolve(null)).on('close', () => resolve(heard))
    socket.end(text)
  })

const ask = async (request: unknown): Promise<unknown> => {
  const text = typeof request === 'string' ? request : JSON.stringify(request)
  return JSON.parse((await exchange(ports.agent, `${text}\n`)) ?? 'null')
}

const isReady = async (): Promise<boolean> =>
  (await exchange(ports.agent, '')) !== null && (await exchange(ports.relay, '')) !== null

describe.skipIf(!existsSync(PYTHON))('the agent of a bastion', () => {
  const asked = (): Promise<string> => readFile(join(directory, 'boot.sh.asked'), 'utf8').catch(() => '')

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mole-'))
    const script = join(directory, 'boot.sh')
    writeFileSync(script, SCRIPT)
    // Says each thing back, and ends when the other does.
    server = createServer({ allowHalfOpen: true }, (socket: Socket) => socket.pipe(socket))
    ports = { agent: await freePort(), relay: await freePort(), resource: await listening(server, RESOURCE) }
    const argv = [script, ADDRESS, String(ports.agent), String(ports.relay), '127.0.0.0/30', '9', '8']
    agent = spawn(PYTHON, ['-I', AGENT, ...argv], { stdio: 'ignore' })
    while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 10))
  })
  afterEach(async () => {
    agent.kill('SIGKILL')
    await new Promise((resolve) => server.close(resolve))
    rmSync(directory, { recursive: true, force: true })
  })

  it('tells, makes and drops lanes of its own slots by the boot script', async () => {
    const nine = { number: 9, port: 51_821, publicKey: KEY }
    expect(await ask({ v: 1, do: 'hello' })).toEqual({ lanes: [nine] })
    expect(await ask({ v: 1, do: 'make-lane', number: 116, hostKey: KEY })).toEqual({
      ...nine,
      number: 116,
      port: 51_829,
    })
    expect(await ask({ v: 1, do: 'drop-lane', number: 9 })).toEqual({})
    expect(await asked()).toBe(`lanes\nmake-lane 116 ${KEY}\ndrop-lane 9\n`)
    expect(await ask({ v: 1, do: 'drop-lane', number: 10 })).toEqual({ error: expect.stringContaining('console') })
  })

  it.each([
    ['a lane of another bastion', { v: 1, do: 'make-lane', number: 8, hostKey: KEY }],
    ['a lane there is none of', { v: 1, do: 'make-lane', number: 209, hostKey: KEY }],
    ['a number below all', { v: 1, do: 'drop-lane', number: -91 }],
    ['a number that is text', { v: 1, do: 'drop-lane', number: '9' }],
    ['a number that is true', { v: 1, do: 'drop-lane', number: true }],
    ['no number', { v: 1, do: 'drop-lane' }],
    ['a key with a command', { v: 1, do: 'make-lane', number: 9, hostKey: `${KEY}; id` }],
    ['a key with a line', { v: 1, do: 'make-lane', number: 9, hostKey: `${KEY}\n` }],
    ['no key', { v: 1, do: 'make-lane', number: 9 }],
    ['another version', { v: 2, do: 'hello' }],
    ['another verb', { v: 1, do: 'lease' }],
    ['a list', []],
    ['no JSON', '{'],
    ['too deep', '['.repeat(500)],
  ])('refuses %s, and asks the script nothing', async (_what, request) => {
    expect(await ask(request)).toEqual({ error: expect.any(String) })
    expect(await asked()).toBe('')
  })

  it('carries a connection to the private network, both ways, to its end', async () => {
    const payload = 'x'.repeat(3_000_000)
    const heard = await exchange(ports.relay, `mole-relay 1 ${RESOURCE} ${ports.resource}\n${payload}`)
    expect(heard === `ok\n${payload}`).toBe(true)
  })

  it('refuses to carry to the bastion itself', async () => {
    const heard = await exchange(ports.relay, `mole-relay 1 ${ADDRESS} ${ports.relay}\n`)
    expect(heard).toBe('error this is the bastion itself\n')
  })

  it.each([
    ['an address outside', 'mole-relay 1 127.0.0.9 80'],
    ['the cloud’s metadata', 'mole-relay 1 169.254.169.254 80'],
    ['a name', 'mole-relay 1 localhost 80'],
    ['no address', 'mole-relay 1 1.2.3.4.5.6 80'],
    ['a number as an address', 'mole-relay 1 2130706433 80'],
    ['no port', 'mole-relay 1 127.0.0.1 99999'],
    ['nobody who listens', 'mole-relay 1 127.0.0.2 1'],
    ['another version', 'mole-relay 2 127.0.0.1 80'],
  ])('refuses to carry to %s', async (_what, line) => {
    expect(await exchange(ports.relay, `${line}\n`)).toMatch(/^error .+\n$/)
  })

  it('hears out nobody who never comes to an end, and takes bytes that are no text for what they are', async () => {
    expect(await exchange(ports.agent, 'x'.repeat(600))).toBeNull()
    expect(await exchange(ports.relay, 'x'.repeat(100))).toBeNull()
    expect(await exchange(ports.agent, Buffer.from([0xff, 0xfe, 10]))).toMatch(/^\{"error": /)
    expect(await ask({ v: 1, do: 'hello' })).toHaveProperty('lanes')
  })

  it('sends away at once whom it has no room for, and takes the next when there is room again', async () => {
    const idle = Array.from({ length: 192 }, () => connect(ports.relay, ADDRESS).on('error', () => undefined))
    const line = `mole-relay 1 ${RESOURCE} ${ports.resource}\n`
    try {
      for (const socket of idle) {
        socket.write(line)
        await once(socket, 'data')
      }
      expect((await exchange(ports.relay, line)) ?? '').toBe('')
    } finally {
      for (const socket of idle) socket.destroy()
    }
    while ((await exchange(ports.relay, line)) !== 'ok\n') await new Promise((resolve) => setTimeout(resolve, 10))
  })

  it('serves many at once, and goes on after one that was cut off', async () => {
    const rude = connect(ports.relay, ADDRESS)
    rude.on('error', () => undefined).write(`mole-relay 1 ${RESOURCE} ${ports.resource}\nx`)
    await new Promise((resolve) => rude.once('data', resolve))
    rude.resetAndDestroy()
    const line = `mole-relay 1 ${RESOURCE} ${ports.resource}\n`
    const heard = await Promise.all(Array.from({ length: 20 }, (_, at) => exchange(ports.relay, `${line}${at}`)))
    expect(heard).toEqual(Array.from({ length: 20 }, (_, at) => `ok\n${at}`))
  })
})
