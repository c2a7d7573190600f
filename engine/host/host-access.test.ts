import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { helperContract } from '../../contract/helper.ts'
import { byteStreamPort } from '../../contract/ports/byte-stream.ts'
import { serve } from '../../contract/serve.ts'
import { NOTHING } from '../../domain/host-state.ts'
import type { HostAccess } from '../cloud/provider.ts'
import { type HostAccessOptions, hostAccess } from './host-access.ts'
import { type FakeHost, fakeHost, hostHandlers } from './testing/fake-host.ts'

const USER = 1000

let base: string
let server: Server | null = null
let host: FakeHost
const sockets: Socket[] = []

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
  host = fakeHost()
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server?.close()
  server = null
  rmSync(base, { recursive: true, force: true })
})

const socket = (): string => join(base, 'installed.sock')

const access = (changes: Partial<HostAccessOptions> = {}): HostAccess =>
  hostAccess({
    directory: join(base, 'host'),
    program: { node: '/nowhere/node', entry: '/nowhere/main.js' },
    socket: socket(),
    uid: USER,
    ...changes,
  })

const listen = (talk: (socket: Socket) => void): Promise<void> =>
  new Promise((resolve) => {
    server = createServer((each) => {
      sockets.push(each)
      talk(each)
    }).listen(socket(), resolve)
  })

/** As `mole helper install` leaves it, for this user. */
const install = (): Promise<void> =>
  listen((each) => void serve(helperContract, hostHandlers(host), byteStreamPort(each)))

const soon = (): AbortSignal => AbortSignal.timeout(10_000)

describe('access to this machine', () => {
  it('is by the installed helper, without a token, and starts none', async () => {
    await install()
    for (const uid of [USER, 0]) {
      const helper = await access({ uid }).ensure(soon())
      expect(await helper.call('hello', {})).toMatchObject({ pid: 4711 })
      helper.close()
    }
    const found = await access().find()
    expect(await found?.call('hello', {})).toMatchObject({ pid: 4711 })
    found?.close()
  })

  it('tells from the installed helper whether anything of ours is there, and leaves it running', async () => {
    await install()
    expect(await access().lives()).toBe(false)
    host.state = { ...NOTHING, mssClamp: true }
    expect(await access().lives()).toBe(true)
    await access().remove()
    expect(await access().find()).not.toBeNull()
  })

  it('is refused where the helper serves somebody else, naming what an administrator can do', async () => {
    await listen((each) => each.destroy())
    await expect(access().ensure(soon())).rejects.toMatchObject({
      code: 'denied',
      data: { nextStep: expect.stringMatching(/sudo mole helper install --user \S+/) },
    })
    expect(await access().find()).toBeNull()
  })

  it.each([
    ['nothing is there', () => undefined],
    ['a dead helper has left its socket', () => writeFileSync(socket(), '')],
  ])('says what to do where %s', async (_, prepare) => {
    prepare()
    await expect(access().ensure(soon())).rejects.toMatchObject({
      code: 'helper-unreachable',
      data: { nextStep: expect.stringContaining('sudo mole helper install') },
    })
    expect(await access().find()).toBeNull()
    expect(await access().lives()).toBe(false)
    await access().remove()
  })

  it('has it installed where the person can be asked, once', async () => {
    let asked = 0
    const ask = async (): Promise<void> => {
      asked += 1
      await install()
    }
    const desktop = access({ install: ask })
    for (let time = 0; time < 2; time += 1) (await desktop.ensure(soon())).close()
    expect(asked).toBe(1)
  })

  it('is not had where the person refuses, or the installation did not help', async () => {
    const refusing = access({
      install: async () => {
        throw new Error('not confirmed')
      },
    })
    await expect(refusing.ensure(soon())).rejects.toThrow('not confirmed')
    await expect(access({ install: async () => undefined }).ensure(soon())).rejects.toMatchObject({
      code: 'helper-unreachable',
    })
  })
})
