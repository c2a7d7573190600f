import type {
  AppContract,
  AutoscaleView,
  DeploymentView,
  FlowsView,
  OptimizeState,
  TrafficState,
} from '../../contract/app.ts'
import type { Handlers } from '../../contract/define.ts'
import type { HostLoad, PathCondition } from '../../contract/helper.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { optionsOf, type TuningOption } from '../../domain/tuning.ts'
import type { FakeActs } from './fake-acts.ts'
import type { Unless } from './fake-engine.ts'
import { fakeFlows } from './fake-flows.ts'
import { fakeHostLoad } from './fake-host.ts'
import { fakeOptimize } from './fake-optimize.ts'
import { autoscaleOf } from './fake-scaling.ts'
import { createTopic, type Topic } from './topic.ts'

type Verb =
  | 'deployment.adjust'
  | 'deployment.rotate'
  | 'autoscale.watch'
  | 'flows.watch'
  | 'host.watch'
  | 'optimize.review'
  | 'optimize.start'
  | 'optimize.stop'
  | 'optimize.watch'
  | 'lab.condition'

export type FakeCarriageOptions = {
  readonly autoscale?: Partial<AutoscaleView>
  readonly optimize?: Partial<OptimizeState>
  /** Cores of the host. */
  readonly cores?: number
  /** How long a pair of measurements takes. */
  readonly pairMs?: number
  /** In place of what is made up. */
  readonly flows?: (atMs: number) => FlowsView
  readonly host?: (atMs: number) => HostLoad
}

type Parts = {
  readonly options: FakeCarriageOptions
  readonly view: Topic<DeploymentView>
  readonly traffic: Topic<TrafficState>
  readonly acts: FakeActs
  readonly unless: Unless
  note(text: string): void
  /** The newest probe. */
  probed(): ProbeReport | null
}

export type FakeCarriage = {
  readonly handlers: Pick<Handlers<AppContract>, Verb>
  /** Conditions that were set, by tunnel. */
  readonly conditions: Map<number, PathCondition>
  /** How many follow a stream now. */
  readonly followers: Readonly<Record<'flows' | 'host', { now: number }>>
  stop(): void
}

const IN_FORCE: readonly TuningOption[] = ['pinning', 'congestion']

/** How traffic is carried, and the host tuned, of cardboard. */
export const fakeCarriage = ({ options, view, traffic, acts, unless, note, probed }: Parts): FakeCarriage => {
  const optimize = fakeOptimize({ inForce: [...IN_FORCE], ...options.optimize }, options.pairMs ?? 250)
  const conditions = new Map<number, PathCondition>()
  const followers = { flows: { now: 0 }, host: { now: 0 } }

  async function* everySecond<T>(count: { now: number }, signal: AbortSignal, look: (atMs: number) => T) {
    count.now += 1
    try {
      while (!signal.aborted) {
        yield look(Date.now())
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 1000)
          signal.addEventListener('abort', () => {
            clearTimeout(timer)
            resolve()
          })
        })
      }
    } finally {
      count.now -= 1
    }
  }

  async function* autoscale(signal: AbortSignal): AsyncGenerator<AutoscaleView, void, void> {
    // As the settings are part of the plan, each change of the deployment may be one of them.
    const topic = createTopic(autoscaleOf(view.get(), Date.now(), options.autoscale))
    const settings = (async () => {
      for await (const each of view.follow(signal)) topic.set(autoscaleOf(each, Date.now(), options.autoscale))
    })()
    yield* topic.follow(signal)
    await settings
  }

  return {
    conditions,
    followers,
    stop: () => void optimize.stop(),
    handlers: {
      'deployment.adjust': (change) => unless('deployment.adjust', () => acts.adjust(change)),
      'deployment.rotate': ({ tunnels }) => unless('deployment.rotate', () => acts.rotate(tunnels)),
      'autoscale.watch': (_, { signal }) => autoscale(signal),
      'flows.watch': (_, { signal }) =>
        everySecond(followers.flows, signal, options.flows ?? ((atMs) => fakeFlows(view.get(), traffic.get(), atMs))),
      'host.watch': (_, { signal }) =>
        everySecond(
          followers.host,
          signal,
          options.host ??
            ((atMs) => fakeHostLoad(view.get(), traffic.get(), optimize.state.get().inForce, options.cores ?? 8, atMs)),
        ),
      'optimize.review': () => unless('optimize.review', () => optimize.review(probed(), view.get().plan)),
      'optimize.start': (order) =>
        unless('optimize.start', () => {
          const wanted = view.get().plan?.tuning.wanted
          return optimize.start(order, wanted === undefined ? [] : optionsOf(wanted))
        }),
      'optimize.stop': () => unless('optimize.stop', () => optimize.stop()),
      'optimize.watch': (_, { signal }) => optimize.state.follow(signal),
      'lab.condition': ({ tunnel, condition }) =>
        unless('lab.condition', () => {
          conditions.set(tunnel, condition)
          note(`The path of tunnel ${tunnel} loses ${condition.lossRatio * 100} % and waits ${condition.delayMs} ms.`)
          return {}
        }),
    },
  }
}
