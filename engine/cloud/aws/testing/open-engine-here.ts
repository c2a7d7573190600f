import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect as connectSocket, createServer } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { type AppContract, appContract, type DeploymentView } from '../../../../contract/app.ts'
import { connect } from '../../../../contract/connect.ts'
import type { Client } from '../../../../contract/define.ts'
import { memoryPorts } from '../../../../contract/ports/memory.ts'
import { serve } from '../../../../contract/serve.ts'
import { NOTHING } from '../../../../domain/host-state.ts'
import { systemClock } from '../../../clock.ts'
import { startEngine } from '../../../engine.ts'
import { connectHelper } from '../../../host/reach-helper.ts'
import { silentLog } from '../../../log.ts'
import { ensurePaths, resolvePaths } from '../../../paths.ts'
import type { HelperClient, HostAccess } from '../../provider.ts'
import { awsProvider } from '../provider.ts'
import type { JumpingClock } from './jumping-clock.ts'
import type { AwsWorld } from './open-aws-world.ts'

/** Makes the world's AWS a port of this machine's loopback, for this process. */
export const openAwsHere = async ({ directory }: AwsWorld): Promise<{ url: string; close(): Promise<void> }> => {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((near) => {
    const far = connectSocket(join(directory, 'aws.sock'))
    sockets.add(near).add(far)
    pipeline(near, far, near, () => {
      for (const socket of [near, far]) {
        socket.destroy()
        sockets.delete(socket)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** The DTN of the world, by the helper that is there for the lab: it is in the same network. */
const dtnOf = ({ directory }: AwsWorld): HostAccess => {
  const lab = join(directory, 'lab')
  const reach = async (): Promise<HelperClient> => {
    const helper = await connectHelper(lab)
    if (helper === null) throw new Error('the world has no helper')
    return helper
  }
  return {
    ensure: reach,
    find: reach,
    lives: async () => {
      const helper = await reach()
      const { state } = await helper.call('inspect', {}).finally(() => helper.close())
      return !isDeepStrictEqual(state, NOTHING)
    },
    remove: async () => undefined,
  }
}

export type EngineHere = {
  readonly client: Client<AppContract>
  view(): DeploymentView
  /** Waits for the end of what is going on. */
  settled(): Promise<DeploymentView>
  close(): Promise<void>
}

/**
 * The engine in this process, for a world whose proxy goes by the same clock: whatever AWS is waited for takes no time, and
 * counts. On this machine and in the tunnels time is real.
 */
export const openEngineHere = async (world: AwsWorld, clock: JumpingClock): Promise<EngineHere> => {
  const home = await mkdtemp(join(world.directory, 'e-'))
  const paths = resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home })
  await ensurePaths(paths)
  clock.watch({ count: () => world.aws.calls.length, settle: world.hypervisor.settle })
  const engine = await startEngine({
    paths,
    // The engine's own looks are at real time.
    providers: (prices) => [
      { ...awsProvider({ host: dtnOf(world), environment: world.env, clock, prices }), pollMs: 50 },
    ],
    log: silentLog,
    version: '0.0.0',
    clock: { ...systemClock, wallMs: clock.wallMs },
  })
  const [ours, theirs] = memoryPorts()
  serve(appContract, engine.handlers, theirs)
  const client = connect(appContract, ours)
  const isOver = (): boolean => !['deploying', 'tearing-down'].includes(engine.view().phase)
  return {
    client,
    view: engine.view,
    settled: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = (): void => void (isOver() && resolve())
      const forget = engine.onChange(look)
      look()
      await promise.finally(forget)
      return engine.view()
    },
    close: async () => {
      client.close()
      await engine.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
