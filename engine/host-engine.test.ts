import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AppContract, appContract, type DeploymentView } from '../contract/app.ts'
import { connect } from '../contract/connect.ts'
import type { Client } from '../contract/define.ts'
import { memoryPorts } from '../contract/ports/memory.ts'
import { serve } from '../contract/serve.ts'
import { attach } from './attach.ts'
import { type HostedEngine, hostEngine } from './host-engine.ts'
import { openIdleTimer } from './idle-timer.ts'
import { silentLog } from './log.ts'
import { ensurePaths, type Paths, resolvePaths } from './paths.ts'
import { openFakeWorld, until } from './testing/fake-world.ts'

let home = ''
let paths: Paths
const hosted: HostedEngine[] = []
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mole-'))
  paths = resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home })
})
afterEach(async () => {
  for (const engine of hosted.splice(0)) await engine.close()
  await rm(home, { recursive: true, force: true })
})

const host = async (endWhenIdle = false): Promise<HostedEngine> => {
  const engine = await hostEngine({
    paths,
    version: '1.2.3',
    endWhenIdle,
    providers: () => [openFakeWorld().provider],
    log: silentLog,
  })
  hosted.push(engine)
  return engine
}

/** A socket file as a killed engine leaves it: nobody listens. */
const leaveStaleSocket = (path: string): void => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script])
}

describe('attach', () => {
  it('finds no engine where none is', async () => {
    expect(await attach(paths)).toBeNull()
  })

  it('takes a stale socket for no engine', async () => {
    await ensurePaths(paths)
    leaveStaleSocket(paths.engineSocket)
    expect(existsSync(paths.engineSocket)).toBe(true)
    expect(await attach(paths)).toBeNull()
  })

  it('reaches the running engine, whose socket is closed to others', async () => {
    await host()
    const client = await attach(paths)
    expect(await client?.call('engine.hello', {})).toMatchObject({ version: '1.2.3', pid: process.pid })
    expect((await stat(paths.engineSocket)).mode & 0o777).toBe(0o600)
    client?.close()
  })

  it('takes whatever hangs up at once for no engine', async () => {
    await ensurePaths(paths)
    const server = createServer((socket) => socket.end()).listen(paths.engineSocket)
    await until(() => server.listening)
    const client = await attach(paths)
    server.close()
    expect(client).toBeNull()
  })
})

describe('hostEngine', () => {
  it('replaces a stale socket, and leaves none', async () => {
    await ensurePaths(paths)
    leaveStaleSocket(paths.engineSocket)
    const engine = await host()
    const client = await attach(paths)
    expect(client).not.toBeNull()
    await engine.close()
    await client?.closed
    expect(existsSync(paths.engineSocket)).toBe(false)
    expect(existsSync(`${paths.engineLock}.pid`)).toBe(false)
  })

  it('never replaces a file that is not a socket', async () => {
    await ensurePaths(paths)
    await writeFile(paths.engineSocket, 'mine')
    await expect(host()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(existsSync(paths.engineSocket)).toBe(true)
  })

  it('is refused while another runs, which goes on', async () => {
    await host()
    await expect(host()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(String(process.pid)),
    })
    const client = await attach(paths)
    expect(client).not.toBeNull()
    client?.close()
  })

  it('ends when asked, after it has answered', async () => {
    const engine = await host()
    const client = await attach(paths)
    await client?.call('engine.stop', {})
    expect(await engine.ended).toBe('asked')
    await client?.closed
    expect(await attach(paths)).toBeNull()
  })

  it('has no panel until one is provided', async () => {
    const engine = await host()
    const client = await attach(paths)
    await expect(client?.call('panel.link', {})).rejects.toMatchObject({ code: 'not-available' })
    engine.engine.providePanel(async () => 'http://127.0.0.1:1/#x')
    expect(await client?.call('panel.link', {})).toEqual({ url: 'http://127.0.0.1:1/#x' })
    client?.close()
  })

  it('ends by itself when idle, but not while somebody is connected or holds it', async () => {
    const engine = await host(true)
    const release = engine.hold()
    const client = await attach(paths)
    expect(client).not.toBeNull()
    client?.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const again = await attach(paths)
    expect(again).not.toBeNull()
    release()
    release()
    again?.close()
    expect(await engine.ended).toBe('idle')
  })
})

/** A client as a panel is one: at a port of its own, past the socket. */
const openPanel = ({ engine }: HostedEngine): Client<AppContract> => {
  const [ours, theirs] = memoryPorts()
  serve(appContract, engine.handlers, theirs)
  return connect(appContract, ours)
}

const viewsOf = (client: Client<AppContract>): DeploymentView[] => {
  const views: DeploymentView[] = []
  const follow = async (): Promise<void> => {
    for await (const view of client.stream('deployment.watch', {})) views.push(view)
  }
  // It ends with the engine.
  void follow().catch(() => undefined)
  return views
}

describe('two clients, one at the socket and one at a port of its own', () => {
  it('see the same, view by view, whoever of them acts', async () => {
    const engine = await host()
    const atSocket = await attach(paths)
    if (atSocket === null) throw new Error('no engine')
    const panel = openPanel(engine)
    const [shell, window] = [viewsOf(atSocket), viewsOf(panel)]
    await until(() => shell.length > 0 && window.length > 0)

    await atSocket.call('profiles.create', { name: 'two', text: 'deployment:\n  tunnels: 2\n' })
    await panel.call('deployment.connect', { profile: 'two' })
    await until(() => [shell, window].every((views) => views.at(-1)?.phase === 'connected'))
    await atSocket.call('deployment.teardown', {})
    await until(() => [shell, window].every((views) => views.length > 3 && views.at(-1)?.phase === 'none'))

    expect(shell).toEqual(window)
    expect(shell.at(-1)).toEqual(engine.engine.view())
    expect(shell.filter(({ phase }) => phase === 'connected').at(-1)).toMatchObject({ profile: 'two' })
    panel.close()
    atSocket.close()
  })
})

describe('idle timer', () => {
  it('waits for idleness that lasts', async () => {
    let idle = false
    let calls = 0
    const timer = openIdleTimer(
      () => idle,
      () => (calls += 1),
      5,
      5,
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(calls).toBe(0)
    idle = true
    timer.look()
    idle = false
    timer.look()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(calls).toBe(0)
    idle = true
    timer.look()
    await until(() => calls === 1)
    timer.stop()
  })
})
