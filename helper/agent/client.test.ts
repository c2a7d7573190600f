import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentHandlers } from './client.ts'

/** An agent on loopback, in whose network 127.0.0.0/16 the address of bastion 1 is 127.0.254.1. */
const BASTION = '127.0.254.1'
const SOURCE = '127.0.9.1'
const KEY = Buffer.alloc(32, 7).toString('base64')
const WAY = { through: 'mole9', bastion: BASTION }

let server: Server
let answer: (line: string, socket: Socket) => void
let heard: string[]
let verbs: ReturnType<typeof agentHandlers>

const saying =
  (said: unknown) =>
  (_line: string, socket: Socket): void => {
    socket.end(`${typeof said === 'string' ? said : JSON.stringify(said)}\n`)
  }

beforeEach(async () => {
  heard = []
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      heard.push(`${socket.remoteAddress} ${data}`)
      answer(String(data), socket)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, BASTION, resolve)
  })
  verbs = agentHandlers(
    { publicKeyOf: (name) => (name === 'd1-t9' ? KEY : null) },
    {
      port: (server.address() as { port: number }).port,
      patienceMs: 500,
      addressOf: (name) => (name === 'mole9' ? SOURCE : null),
    },
  )
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const call = (verb: keyof typeof verbs, input: object): Promise<unknown> =>
  Promise.resolve((verbs[verb] as (input: object, context: object) => unknown)(input, {}))

it('asks by tunnels alone, not by any other interface', async () => {
  const real = agentHandlers({ publicKeyOf: () => null })
  const way = { through: 'lo', bastion: '127.0.254.1' }
  await expect(real['agent.hello'](way, { signal: new AbortController().signal })).rejects.toMatchObject({
    code: 'not-found',
  })
})

describe('asking the agent of a bastion', () => {
  const lane = { number: 109, publicKey: KEY, port: 51_829 }

  it('speaks from the tunnel’s own address, in one line', async () => {
    answer = saying({ lanes: [lane] })
    expect(await call('agent.hello', WAY)).toEqual({ lanes: [lane] })
    answer = saying(lane)
    expect(await call('agent.make-lane', { ...WAY, number: 109, keyName: 'd1-t9' })).toEqual(lane)
    answer = saying({})
    expect(await call('agent.drop-lane', { ...WAY, number: 9 })).toEqual({})
    expect(heard).toEqual([
      `${SOURCE} {"v":1,"do":"hello"}\n`,
      `${SOURCE} {"v":1,"do":"make-lane","number":109,"hostKey":"${KEY}"}\n`,
      `${SOURCE} {"v":1,"do":"drop-lane","number":9}\n`,
    ])
  })

  it('hears an answer that comes in pieces', async () => {
    answer = (_line, socket) => {
      socket.write('{"lanes":')
      setTimeout(() => socket.write('[]}\nmore'), 20)
    }
    expect(await call('agent.hello', WAY)).toEqual({ lanes: [] })
  })

  it.each([
    ['no JSON', 'hello'],
    ['a key that is none', { ...lane, publicKey: 'AAAA' }],
    ['another lane', { ...lane, number: 9 }],
    ['more than was asked', { ...lane, privateKey: KEY }],
    ['nothing', {}],
  ])('takes no answer that is %s', async (_what, said) => {
    answer = saying(said)
    await expect(call('agent.make-lane', { ...WAY, number: 109, keyName: 'd1-t9' })).rejects.toMatchObject({
      code: 'drift',
    })
  })

  it('passes on why the agent refused', async () => {
    answer = saying({ error: 'this bastion has no such lane' })
    await expect(call('agent.drop-lane', { ...WAY, number: 1 })).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('no such lane'),
    })
  })

  it('gives up on one that says nothing, too much, or goes', async () => {
    const deeds: (typeof answer)[] = [
      () => undefined,
      (_line, socket) => socket.write('x'.repeat(20_000)),
      (_line, socket) => socket.destroy(),
    ]
    for (const deed of deeds) {
      answer = deed
      await expect(call('agent.hello', WAY)).rejects.toMatchObject({ code: 'timeout' })
    }
  })

  it('connects to nothing but a bastion’s common address, through a tunnel that is there, with a key that is', async () => {
    for (const bastion of ['127.0.254.9', '127.0.254.0', '127.0.0.1', '127.1.254.1', '169.254.169.254'])
      await expect(call('agent.hello', { ...WAY, bastion })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(call('agent.hello', { ...WAY, through: 'mole1' })).rejects.toMatchObject({ code: 'not-found' })
    const unknownKey = call('agent.make-lane', { ...WAY, number: 109, keyName: 'd1-t9-b' })
    await expect(unknownKey).rejects.toMatchObject({ code: 'not-found' })
    expect(heard).toEqual([])
  })
})
