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

/** How often, for real, the hypervisor is waited for: a boot that has begun is then waited for to its end. */
const SETTLE_MS = 300

const nowAndThen = (work: () => Promise<void>): (() => Promise<void>) => {
  let lastMs = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - lastMs < SETTLE_MS) return
    await work()
    lastMs = performance.now()
  }
}

export type EngineHere = {
  readonly client: Client<AppContract>
  view(): DeploymentView
  /** Waits for the end of what is going on. */
  settled(): Promise<DeploymentView>
  reaches(isWanted: (view: DeploymentView) => boolean): Promise<DeploymentView>
  close(): Promise<void>
}

/** Drift is to be seen within a minute, whatever else is to be looked at. */
const WATCH_LIMIT_MS = 30_000

/**
 * The engine in this process, for a world whose proxy goes by the same clock: whatever AWS is waited for takes no time, and
 * counts. On this machine and in the tunnels time is real.
 * @param watchMs how often AWS is compared with what was made, for real; the product's own interval is checked, not used
 */
export const openEngineHere = async (world: AwsWorld, clock: JumpingClock, watchMs: number): Promise<EngineHere> => {
  const home = await mkdtemp(join(world.directory, 'e-'))
  const paths = resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home })
  await ensurePaths(paths)
  clock.watch({ count: () => world.aws.calls.length, settle: nowAndThen(world.hypervisor.settle) })
  const engine = await startEngine({
    paths,
    providers: (prices) => {
      const provider = awsProvider({ host: dtnOf(world), environment: world.env, clock, prices })
      if ((provider.watchMs ?? Number.POSITIVE_INFINITY) > WATCH_LIMIT_MS)
        throw new Error('drift would be seen too late')
      // The engine's own waiting is for real.
      return [{ ...provider, pollMs: 50, watchMs }]
    },
    log: silentLog,
    version: '0.0.0',
    clock: { ...systemClock, wallMs: clock.wallMs },
  })
  const [ours, theirs] = memoryPorts()
  serve(appContract, engine.handlers, theirs)
  const client = connect(appContract, ours)
  const reaches: EngineHere['reaches'] = async (isWanted) => {
    const { promise, resolve } = Promise.withResolvers<DeploymentView>()
    const look = (): void => {
      if (isWanted(engine.view())) resolve(engine.view())
    }
    const forget = engine.onChange(look)
    look()
    return promise.finally(forget)
  }
  return {
    client,
    view: engine.view,
    settled: () => reaches(({ phase }) => !['deploying', 'tearing-down'].includes(phase)),
    reaches,
    close: async () => {
      client.close()
      await engine.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
