import type {
  Act,
  AppContract,
  DeploymentView,
  Profiles,
  Step,
  TelemetrySample,
  TrafficState,
} from '../../contract/app.ts'
import { appContract } from '../../contract/app.ts'
import { connect } from '../../contract/connect.ts'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { memoryPorts } from '../../contract/ports/memory.ts'
import { serve } from '../../contract/serve.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Engine } from '../world.ts'

/** A value and those who follow it. */
const topic = <T>(initial: T): { set(value: T): void; stream(signal: AbortSignal): AsyncGenerator<T> } => {
  let value = initial
  let wake = (): void => {}
  const history: T[] = [initial]
  return {
    set: (next) => {
      value = next
      history.push(next)
      wake()
    },
    stream: async function* (signal) {
      let seen = history.length
      yield value
      while (!signal.aborted) {
        if (seen < history.length) yield history[seen++] as T
        else
          await new Promise<void>((resolve) => {
            wake = resolve
            signal.addEventListener('abort', () => resolve(), { once: true })
          })
      }
    },
  }
}

export const step = (id: Step['id'], state: Step['state'], more: Partial<Step> = {}): Step => ({
  id,
  title: `Do ${id}`,
  state,
  startedAtMs: state === 'pending' ? null : 1000,
  endedAtMs: state === 'done' || state === 'failed' ? 1420 : null,
  log: [],
  problem: null,
  ...more,
})

export const act = (verb: Act['verb'], state: Act['state'], steps: Step[] = []): Act => ({
  verb,
  state,
  startedAtMs: 1000,
  endedAtMs: state === 'running' ? null : 2000,
  steps,
})

export const NOTHING: DeploymentView = {
  phase: 'none',
  id: null,
  plan: null,
  profile: null,
  createdAtMs: null,
  connectedAtMs: null,
  bastions: [],
  tunnels: [],
  resources: [],
  drift: [],
  money: null,
  act: null,
  problem: null,
}

/** A deployment of `count` tunnels, all up. */
export const connected = (count: number, verb: Act['verb'] = 'deploy'): DeploymentView => ({
  ...NOTHING,
  phase: 'connected',
  id: 'lab-1',
  plan: DeploymentPlan.parse({ tunnels: count }),
  createdAtMs: 1000,
  connectedAtMs: 2000,
  bastions: [
    {
      id: 'b1',
      index: 1,
      state: 'running',
      publicAddress: '203.0.113.10',
      privateCidr: '10.200.0.0/24',
      resourceAddress: '10.200.0.10',
      machine: null,
    },
  ],
  tunnels: Array.from({ length: count }, (_, index) => ({
    slot: index + 1,
    interfaceName: `mole${index + 1}`,
    bastionId: 'b1',
    hostAddress: `10.100.${index + 1}.1`,
    bastionAddress: `10.100.${index + 1}.2`,
    endpoint: `203.0.113.10:${51_821 + index}`,
    publicKey: 'key',
    health: 'up' as const,
    carries: true,
    keysSinceMs: null,
    pathBroken: false,
  })),
  act: act(verb, 'done'),
})

const IDLE: TrafficState = {
  running: false,
  streams: null,
  direction: null,
  startedAtMs: null,
  latestBitsPerSecond: null,
  report: null,
  problem: null,
}

const SAMPLE: TelemetrySample = {
  atMs: 5000,
  tunnels: [
    {
      slot: 1,
      upBitsPerSecond: 183_400_000,
      downBitsPerSecond: 2_000_000,
      rttMs: 0.4,
      lossRatio: 0,
      handshakeAgeSeconds: 12,
      upBytes: 1,
      downBytes: 1,
    },
  ],
}

export type FakeEngine = {
  /** What was asked, as `method` and its input. */
  readonly calls: [string, unknown][]
  readonly views: { set(view: DeploymentView): void }
  readonly traffic: { set(state: TrafficState): void }
  connect(): Engine
  /** Breaks every connection, as a dying engine does. */
  die(): void
}

/** What a test does not expect to be asked fails it. */
const unforeseen = (): Handlers<AppContract> =>
  Object.fromEntries(
    Object.keys(appContract).map((name) => [
      name,
      async () => {
        throw new Error(`${name} was not expected`)
      },
    ]),
  ) as unknown as Handlers<AppContract>

const NO_PROFILES: Profiles = { directory: '/profiles', profiles: [], damaged: [], problem: null }

export const refusing =
  (code: MoleError['code'], message: string, data: MoleError['data'] = {}) =>
  async (): Promise<never> => {
    throw new MoleError(code, message, data)
  }

/** The command line works on the files of profiles and configuration itself. */
const notAsked = refusing('internal', 'The command line asks the engine for this?')

type Answers = Partial<Handlers<AppContract>>

/**
 * An engine behind the real contract: real validation, real streams, and answers of the test's choice. Without any, a
 * deploy succeeds at once.
 */
export const fakeEngine = (initial: DeploymentView = NOTHING, answers: Answers = {}): FakeEngine => {
  const views = topic(initial)
  const traffic = topic(IDLE)
  const calls: [string, unknown][] = []
  const open: { close(): void }[] = []
  const die = (): void => {
    for (const each of open) each.close()
  }
  const handlers: Handlers<AppContract> = {
    ...unforeseen(),
    'engine.hello': async () => ({ version: '0.1.0', pid: 4242, startedAtMs: 0 }),
    'engine.stop': async () => {
      setTimeout(die, 0)
      return {}
    },
    'system.doctor': async () => ({ checks: [] }),
    'panel.link': async () => ({ url: `http://127.0.0.1:7777/#token=${'a'.repeat(64)}` }),
    'targets.list': async () => ({ targets: [] }),
    'deployment.review': async ({ plan }) => ({
      plan,
      resources: [{ kind: 'bastion', name: 'lab-1', detail: `${plan.tunnels} tunnels` }],
      costUsdPerHour: 0,
      costNote: 'it runs on this machine',
      warnings: ['this is a test'],
    }),
    'deployment.deploy': async ({ plan, profile }) => {
      views.set({ ...connected(plan.tunnels), profile })
      return { id: 'lab-1' }
    },
    'deployment.scale': async ({ tunnels }) => {
      views.set(connected(tunnels ?? 4, 'scale'))
      return { id: 'lab-1' }
    },
    'deployment.teardown': async () => {
      views.set({ ...NOTHING, act: act('teardown', 'done') })
      return {}
    },
    'deployment.cancel': async () => ({}),
    'deployment.watch': (_, { signal }) => views.stream(signal),
    'telemetry.watch': async function* () {
      yield { kind: 'history' as const, samples: [SAMPLE] }
    },
    'activity.watch': async function* () {},
    'traffic.start': async () => ({}),
    'traffic.stop': async () => ({}),
    'traffic.watch': (_, { signal }) => traffic.stream(signal),
    'lab.path': async () => ({}),
    'lab.condition': async () => ({}),
    'lab.world': async () => ({ pid: 31_337 }),
    'profiles.watch': async function* () {
      yield NO_PROFILES
    },
    'deployment.connect': notAsked,
    'profiles.read': notAsked,
    'profiles.create': notAsked,
    'profiles.write': notAsked,
    'profiles.rename': notAsked,
    'profiles.duplicate': notAsked,
    'profiles.delete': notAsked,
    'profiles.restore': notAsked,
    'config.check': notAsked,
    'config.show': notAsked,
    'tunnels.export': notAsked,
    ...answers,
  }
  const recorded = Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (input: never, context: never) => {
        calls.push([name, input])
        return handler(input, context)
      },
    ]),
  ) as Handlers<AppContract>
  return {
    calls,
    views,
    traffic,
    die,
    connect: () => {
      const [ours, theirs] = memoryPorts()
      open.push(serve(appContract, recorded, theirs))
      return connect(appContract, ours)
    },
  }
}
