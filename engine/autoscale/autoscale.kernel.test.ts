import { afterEach, expect, it } from 'vitest'
import type { AppContract, AutoscaleView, DeploymentView, FlowsView } from '../../contract/app.ts'
import type { Client, EventOf } from '../../contract/define.ts'
import { type LabEngine, openLabEngine } from '../testing/lab-engine.ts'

/** Scaling by itself over the lab's tunnels, with real traffic. */

type Engine = Client<AppContract>

let here: LabEngine | null = null

const openEngine = async (): Promise<Engine> => {
  here = await openLabEngine({})
  return here.engine
}

type Streams = 'deployment.watch' | 'autoscale.watch' | 'traffic.watch' | 'telemetry.watch' | 'flows.watch'

/** Follows a stream until an event is as `isIt` says. */
const until = async <S extends Streams>(
  engine: Engine,
  name: S,
  isIt: (event: EventOf<AppContract, S>) => boolean,
): Promise<EventOf<AppContract, S>> => {
  for await (const event of engine.stream(name, {} as never, { signal: AbortSignal.timeout(40_000) }))
    if (isIt(event as EventOf<AppContract, S>)) return event as EventOf<AppContract, S>
  throw new Error(`${name} ended`)
}

const isOver = ({ act }: DeploymentView): boolean => act !== null && act.state !== 'running'

afterEach(async () => {
  if (here === null) return
  const { engine, close } = here
  here = null
  try {
    await engine.call('deployment.teardown', {})
    const view = await until(engine, 'deployment.watch', isOver)
    if (view.phase !== 'none') throw new Error(`not taken away: ${JSON.stringify(view.problem)}`)
  } finally {
    await close()
  }
})

it('adds tunnels under load, and neither that nor taking them away under it costs a connection', async () => {
  const engine = await openEngine()
  await engine.call('deployment.deploy', {
    plan: {
      target: 'lab',
      tunnels: 1,
      maxTunnels: 3,
      labPathRateBitsPerSecond: 20_000_000,
      autoscale: { enabled: true, intervalMs: 1000, upCooldownMs: 1000 },
    },
  })
  expect(await until(engine, 'deployment.watch', isOver)).toMatchObject({ phase: 'connected' })
  // What an echo is like while nothing presses.
  await until(engine, 'telemetry.watch', (event) => event.kind === 'sample' && event.sample.tunnels[0]?.rttMs != null)

  await engine.call('traffic.start', { streams: 8, durationSeconds: 300, direction: 'upload' })
  const stepUp = ({ decisions }: AutoscaleView): boolean => decisions.some(({ action }) => action === 'up')
  const { decisions, capacityPerTunnelBitsPerSecond } = await until(engine, 'autoscale.watch', stepUp)
  const step = decisions.find(({ action }) => action === 'up')
  expect(step).toMatchObject({ from: 1, reason: expect.stringMatching(/^(Utilisation is|The tunnel is full at)/) })
  expect(capacityPerTunnelBitsPerSecond).toBeGreaterThan(5_000_000)
  const scaled = await until(engine, 'deployment.watch', (view) => (view.plan?.tunnels ?? 0) > 1 && isOver(view))
  expect(scaled.act).toMatchObject({ verb: 'scale', state: 'done' })
  await until(engine, 'telemetry.watch', (event) => event.kind === 'sample' && event.sample.tunnels.length > 1)

  const autoscale = { ...scaled.plan?.autoscale, enabled: false }
  await engine.call('deployment.adjust', { autoscale })
  await until(engine, 'deployment.watch', isOver)
  await engine.call('deployment.scale', { tunnels: 1 })
  await until(engine, 'deployment.watch', (view) => view.plan?.tunnels === 1 && isOver(view))
  // Every stream is still there, moves bytes, and rides what is left.
  const moving = ({ flows }: FlowsView): boolean =>
    flows.filter(({ tunnel, upBitsPerSecond }) => tunnel === 1 && (upBitsPerSecond ?? 0) > 0).length >= 8
  await until(engine, 'flows.watch', moving)
  expect(await until(engine, 'traffic.watch', () => true)).toMatchObject({ running: true, problem: null })
})
