import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appContract, type DeploymentView } from '../contract/app.ts'
import { connect } from '../contract/connect.ts'
import { MoleError } from '../contract/errors.ts'
import { memoryPorts } from '../contract/ports/memory.ts'
import { type DomMessagePort, messagePort } from '../contract/ports/message-port.ts'
import { type HostedEngine, type HostOptions, hostEngine } from '../engine/host-engine.ts'
import { silentLog } from '../engine/log.ts'
import { resolvePaths } from '../engine/paths.ts'
import { openEngineLink } from './engine-link.ts'
import { type KeptLink, keepLink } from './keep-link.ts'

let directory: string
let options: HostOptions
const open: { close(): Promise<void> }[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  const env = { HOME: directory, XDG_RUNTIME_DIR: directory, XDG_STATE_HOME: join(directory, 's') }
  options = { paths: resolvePaths(env), version: '0.1.0', endWhenIdle: false, log: silentLog }
})

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
  await rm(directory, { recursive: true, force: true })
})

const engineElsewhere = async (): Promise<HostedEngine> => {
  const hosted = await hostEngine(options)
  open.push(hosted)
  return hosted
}

const keep = (more: Partial<Parameters<typeof keepLink>[0]> = {}): KeptLink => {
  const link = keepLink({
    open: () => openEngineLink(options),
    onView: () => {},
    onProfiles: () => {},
    onStopped: () => {},
    onError: () => {},
    retryMs: 10,
    ...more,
  })
  open.push(link)
  return link
}

/** A page's client over a real message channel, with the engine's end given to `link`. */
const page = (link: KeptLink) => {
  const { port1, port2 } = new MessageChannel()
  link.serve(messagePort(port2 as MessagePort & DomMessagePort))
  return connect(appContract, messagePort(port1 as MessagePort & DomMessagePort))
}

describe('the link to the engine', () => {
  it('hosts one where none runs, and serves pages with it', async () => {
    const link = keep()
    const client = page(link)
    expect(await client.call('engine.hello', {})).toMatchObject({ version: '0.1.0', pid: process.pid })
    expect(link.isHosted()).toBe(true)
    client.close()
  })

  it('attaches to the one that runs, and relays every frame both ways', async () => {
    await engineElsewhere()
    const link = keep()
    const client = page(link)
    expect(await client.call('engine.hello', {})).toMatchObject({ version: '0.1.0' })
    for await (const view of client.stream('deployment.watch', {})) {
      expect(view).toHaveProperty('phase')
      break
    }
    await expect(client.call('lab.path', { tunnel: 99, state: 'broken' })).rejects.toMatchObject({ code: 'bad-input' })
    expect(link.isHosted()).toBe(false)
    client.close()
  })

  it('tells pages and tray what is deployed', async () => {
    const views: (DeploymentView | null)[] = []
    const link = keep({ onView: (view) => void views.push(view) })
    await link.get()
    await expect.poll(() => views.length).toBeGreaterThan(0)
    expect(link.view()).toEqual(views.at(-1))
  })

  it('looks again when the engine elsewhere is gone, and then hosts one', async () => {
    const elsewhere = await engineElsewhere()
    const link = keep()
    const client = page(link)
    await client.call('engine.hello', {})
    await elsewhere.close()
    await client.closed
    await expect.poll(() => link.isHosted()).toBe(true)
  })

  it('keeps looking while none can be had, tells that once, and shows no deployment of the lost one', async () => {
    const elsewhere = await engineElsewhere()
    const problem = new MoleError('conflict', 'An engine is just ending.')
    const errors: unknown[] = []
    const views: (DeploymentView | null)[] = []
    let opened = 0
    const link = keep({
      open: () => {
        opened += 1
        return opened > 1 && opened < 5 ? Promise.reject(problem) : openEngineLink(options)
      },
      onError: (error) => void errors.push(error),
      onView: (view) => void views.push(view),
    })
    await link.get()
    await expect.poll(() => link.view()).not.toBeNull()
    await elsewhere.close()
    await expect.poll(() => views.includes(null)).toBe(true)
    await expect.poll(() => link.isHosted()).toBe(true)
    expect(opened).toBe(5)
    expect(errors).toEqual([problem])
  })

  it('closes in order while no engine can be had', async () => {
    const link = keep({ open: () => new Promise((_, reject) => setTimeout(reject, 20, new Error('no engine'))) })
    link.get().catch(() => {})
    await expect(link.close()).resolves.toBeUndefined()
  })

  it('does not start again what somebody asked to end', async () => {
    let stops = 0
    const link = keep({ onStopped: () => (stops += 1) })
    const { client, ended } = await link.get()
    await client.call('engine.stop', {})
    expect(await ended).toBe('asked')
    await expect.poll(() => stops).toBe(1)
  })

  it('closes the port of a page when there can be no engine, and says why', async () => {
    const errors: unknown[] = []
    const problem = new MoleError('not-available', 'The database is of a newer version.')
    const link = keepLink({
      open: () => Promise.reject(problem),
      onView: () => {},
      onProfiles: () => {},
      onStopped: () => {},
      onError: (error) => void errors.push(error),
    })
    const [ours, theirs] = memoryPorts()
    const client = connect(appContract, ours)
    link.serve(theirs)
    await client.closed
    expect(errors).toEqual([problem])
  })

  it('leaves an engine elsewhere running, and ends its own', async () => {
    const elsewhere = await engineElsewhere()
    const attached = keep()
    await attached.get()
    await attached.close()
    expect(await Promise.race([elsewhere.ended, Promise.resolve('runs')])).toBe('runs')
    await elsewhere.close()
    const hosting = keep()
    const { ended } = await hosting.get()
    await hosting.close()
    expect(await ended).toBe('closed')
  })
})
