import type {
  ActivityEvent,
  AppContract,
  DeploymentView,
  Problem,
  StepId,
  Target,
  TrafficState,
} from '../../contract/app.ts'
import type { EventOf, Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { type FakeActs, fakeActs } from './fake-acts.ts'
import { fakeReview, LAB_TARGET, SOUND_DOCTOR } from './fake-answers.ts'
import { type FakeAwsOptions, fakeAws } from './fake-aws.ts'
import { type FakeCarriage, type FakeCarriageOptions, fakeCarriage } from './fake-carriage.ts'
import { type FakeProbe, type FakeProbeOptions, fakeProbe } from './fake-probe.ts'
import { type FakeProfiles, type FakeProfilesOptions, fakeProfiles } from './fake-profiles.ts'
import { fakeHistory, fakeSample } from './fake-samples.ts'
import { IDLE_TRAFFIC, NOTHING_DEPLOYED, withPath } from './fake-views.ts'
import { createChannel, createTopic, type Topic } from './topic.ts'

type Call<K extends keyof AppContract> = Handlers<AppContract>[K]

export type Scenario = FakeProfilesOptions &
  FakeAwsOptions &
  FakeCarriageOptions &
  FakeProbeOptions & {
    readonly view?: DeploymentView
    readonly traffic?: TrafficState
    readonly events?: readonly ActivityEvent[]
    readonly targets?: readonly Target[]
    readonly checks?: Awaited<ReturnType<Call<'system.doctor'>>>['checks']
    /** How long each step of an act takes. */
    readonly stepMs?: number
    /** The step of a deployment at which it stays, until cancelled. */
    readonly stallAt?: StepId
    /** The step of a deployment that fails, and how. */
    readonly failAt?: { readonly step: StepId; readonly problem: Problem }
    /** Calls that are refused. */
    readonly refusals?: Partial<Record<keyof AppContract, MoleError>>
    /** iperf3 says nothing any more: its streams wait for a silent tunnel. */
    readonly isTrafficStuck?: boolean
    /** Streams say nothing: the panel stays without data. */
    readonly isMute?: boolean
  }

export type FakeEngine = {
  readonly handlers: Handlers<AppContract>
  readonly view: Topic<DeploymentView>
  readonly traffic: Topic<TrafficState>
  readonly profiles: Pick<FakeProfiles, 'put' | 'textOf'>
  readonly carriage: Pick<FakeCarriage, 'conditions' | 'followers'>
  readonly probe: Pick<FakeProbe, 'probe' | 'show'>
  note(level: ActivityEvent['level'], kind: string, text: string): void
  stop(): void
}

/** Refuses the call where the scenario says so, else answers. */
export type Unless = <T>(name: keyof AppContract, answer: () => T) => Promise<T>

const HISTORY_SECONDS = 240

/** As much as a frame holds: the real engine thins what is longer. */
const historySeconds = ({ tunnels }: DeploymentView): number =>
  Math.min(HISTORY_SECONDS, Math.floor(4000 / Math.max(1, tunnels.length)))

const silence = async function* (signal: AbortSignal): AsyncGenerator<never, void, void> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
}

/** An engine of cardboard behind the real contract: states that are hard to reach, without a lab. */
export const createFakeEngine = (scenario: Scenario = {}): FakeEngine => {
  const view = createTopic(scenario.view ?? NOTHING_DEPLOYED)
  const traffic = createTopic(scenario.traffic ?? IDLE_TRAFFIC)
  const events: ActivityEvent[] = [...(scenario.events ?? [])]
  const eventChannel = createChannel<ActivityEvent>()
  const startedAtMs = Date.now()
  let trafficTimer: ReturnType<typeof setTimeout> | null = null

  const note: FakeEngine['note'] = (level, kind, text) => {
    const event = { id: Math.max(0, ...events.map(({ id }) => id)) + 1, atMs: Date.now(), level, kind, text }
    events.push(event)
    eventChannel.tell(event)
  }
  // iperf3 speaks once a second.
  const intervals = setInterval(() => {
    const current = traffic.get()
    if (current.running && scenario.isTrafficStuck !== true) traffic.set({ ...current })
  }, 1000)
  const profiles = fakeProfiles(scenario)
  const acts: FakeActs = fakeActs(view, note, scenario)

  /** Refuses what the scenario refuses, else answers. */
  const unless: Unless = (name, answer) => {
    const refusal = scenario.refusals?.[name]
    return refusal === undefined ? Promise.resolve().then(answer) : Promise.reject(refusal)
  }

  const unlessMute = <T>(stream: (signal: AbortSignal) => AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> =>
    scenario.isMute === true ? silence(signal) : stream(signal)
  const probing = fakeProbe(scenario, unless, unlessMute)

  const carriage = fakeCarriage({
    options: scenario,
    view,
    traffic,
    acts,
    unless,
    note: (text) => note('info', 'lab.condition', text),
    probed: () => probing.probe.get(),
  })

  const endTraffic = (seconds: number): void => {
    if (trafficTimer !== null) clearTimeout(trafficTimer)
    const { latestBitsPerSecond } = traffic.get()
    const bitsPerSecond = latestBitsPerSecond ?? 0
    const report = {
      kind: 'report' as const,
      atMs: Date.now(),
      seconds,
      bytes: (bitsPerSecond / 8) * seconds,
      bitsPerSecond,
      retransmits: 12,
      tool: 'iperf 3.18',
    }
    traffic.set({ ...traffic.get(), running: false, report })
  }

  const startTraffic: Call<'traffic.start'> = ({ streams, durationSeconds, direction }) =>
    unless('traffic.start', () => {
      const tunnels = view.get().tunnels.filter(({ pathBroken }) => !pathBroken).length
      const latestBitsPerSecond = tunnels * 184_000_000
      traffic.set({ ...IDLE_TRAFFIC, running: true, streams, direction, startedAtMs: Date.now(), latestBitsPerSecond })
      trafficTimer = setTimeout(() => endTraffic(durationSeconds), durationSeconds * 1000)
      return {}
    })

  async function* telemetry(signal: AbortSignal): AsyncGenerator<EventOf<AppContract, 'telemetry.watch'>, void, void> {
    const hasTunnels = view.get().tunnels.length > 0
    const samples = hasTunnels ? fakeHistory(view.get(), traffic.get(), Date.now(), historySeconds(view.get())) : []
    yield { kind: 'history', samples }
    while (!signal.aborted) {
      if (view.get().tunnels.length > 0)
        yield { kind: 'sample', sample: fakeSample(view.get(), traffic.get(), Date.now()) }
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }

  async function* activity(signal: AbortSignal): AsyncGenerator<EventOf<AppContract, 'activity.watch'>, void, void> {
    const later = eventChannel.listen(signal)
    const first = later.next()
    yield { kind: 'recent', events: [...events] }
    const event = await first
    if (event.done === true) return
    yield { kind: 'event', event: event.value }
    for await (const next of later) yield { kind: 'event', event: next }
  }

  const setPath: Call<'lab.path'> = ({ tunnel, state }) =>
    unless('lab.path', () => {
      view.set(withPath(view.get(), tunnel, state === 'broken'))
      note(
        state === 'broken' ? 'warning' : 'info',
        `lab.path-${state === 'broken' ? 'broken' : 'healed'}`,
        `The path of tunnel ${tunnel} was ${state === 'broken' ? 'broken' : 'healed'}.`,
      )
      return {}
    })

  return {
    view,
    traffic,
    profiles,
    carriage,
    probe: probing,
    note,
    stop: () => {
      clearInterval(intervals)
      if (trafficTimer !== null) clearTimeout(trafficTimer)
      acts.stop()
      carriage.stop()
    },
    handlers: {
      'engine.hello': () => unless('engine.hello', () => ({ version: '0.1.0', pid: process.pid, startedAtMs })),
      'engine.stop': async () => ({}),
      'system.doctor': () => unless('system.doctor', () => ({ checks: [...(scenario.checks ?? SOUND_DOCTOR)] })),
      'panel.link': () => unless('panel.link', () => ({ url: `http://127.0.0.1:40123/#token=${'5f'.repeat(32)}` })),
      'targets.list': () => unless('targets.list', () => ({ targets: [...(scenario.targets ?? [LAB_TARGET])] })),
      'deployment.review': ({ plan }: { plan: DeploymentPlan }) => unless('deployment.review', () => fakeReview(plan)),
      'deployment.deploy': ({ plan, profile }) => unless('deployment.deploy', () => acts.deploy(plan, profile)),
      'deployment.connect': ({ profile }) =>
        unless('deployment.connect', () => acts.deploy(profiles.planOf(profile), profile)),
      'deployment.scale': (wanted) => unless('deployment.scale', () => acts.scale(wanted)),
      ...carriage.handlers,
      ...probing.handlers,
      'deployment.teardown': () => unless('deployment.teardown', () => acts.teardown()),
      'deployment.cancel': () => unless('deployment.cancel', () => acts.cancel()),
      'deployment.watch': (_, { signal }) => unlessMute((open) => view.follow(open), signal),
      'telemetry.watch': (_, { signal }) => unlessMute(telemetry, signal),
      'activity.watch': (_, { signal }) => unlessMute(activity, signal),
      'traffic.start': startTraffic,
      'traffic.stop': () =>
        unless('traffic.stop', () => {
          endTraffic((Date.now() - (traffic.get().startedAtMs ?? Date.now())) / 1000)
          return {}
        }),
      'traffic.watch': (_, { signal }) => unlessMute((open) => traffic.follow(open), signal),
      'lab.path': setPath,
      'tunnels.export': () =>
        unless('tunnels.export', () => ({
          files: view
            .get()
            .tunnels.map(({ interfaceName }) => ({ name: `${interfaceName}.conf`, text: '[Interface]\n' })),
        })),
      ...profiles.handlers,
      ...fakeAws(scenario, unless),
      'lab.world': () => Promise.reject(new MoleError('not-found', 'The fake engine has no lab.')),
    },
  }
}
