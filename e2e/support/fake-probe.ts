import type { AppContract } from '../../contract/app.ts'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { PartProblem, ProbeReport } from '../../domain/probe/report.ts'
import { PROBE_PARTS, type ProbePart, ProbeRequest, type ProbeTarget } from '../../domain/probe/request.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import type { Unless } from './fake-engine.ts'
import {
  fakeAnalysis,
  fakeBandwidth,
  fakeFirewall,
  fakeInterface,
  fakeLatency,
  fakeMtu,
  fakeRecommendation,
} from './fake-probe-results.ts'
import { createTopic, type Topic } from './topic.ts'

type Verb = Extract<keyof AppContract, `probe.${string}`>
type Review = Awaited<ReturnType<Handlers<AppContract>['probe.review']>>

export type FakeProbeOptions = {
  /** The newest probe; `null`: there never was one. */
  readonly probe?: ProbeReport | null
  readonly earlierProbes?: readonly ProbeReport[]
}

const WAITING = {
  state: 'waiting',
  startedAtMs: null,
  endedAtMs: null,
  doing: '',
  progressRatio: 0,
  problem: null,
  result: null,
} as const

const RESULTS = {
  interface: fakeInterface,
  mtu: fakeMtu,
  latency: fakeLatency,
  bandwidth: () => fakeBandwidth(),
} as const

const DOING: Readonly<Record<ProbePart, string>> = {
  interface: 'Reading the interface that leads there',
  mtu: '16 sizes between 1500 and 1800 bytes',
  latency: 'Knocking at 13 regions',
  bandwidth: 'Upload over 4 streams',
}

const TARGET_NAMES: Readonly<Record<ProbeTarget['kind'], string>> = {
  lab: 'the lab’s probe site, 198.18.0.10',
  host: 'iperf.example.edu, 198.51.100.40',
  deployment: 'what is up: 10.200.0.10 behind 4 tunnels',
  aws: 'a probe bastion in us-west-2, 203.0.113.77',
  none: 'this machine and the regions',
}

const idOf = (atMs: number): string => {
  const digits = new Date(atMs).toISOString().replace(/[-:TZ.]/g, '')
  return `probe-${digits.slice(0, 8)}-${digits.slice(8, 14)}-3f9c2a`
}

/** A part that is as far as this. */
export const partOf = <Part extends ProbePart>(part: Part, ratio: number): ProbeReport[Part] => {
  if (ratio <= 0) return { ...WAITING }
  const isDone = ratio >= 1
  const startedAtMs = Date.now() - 20_000 * ratio
  return {
    state: isDone ? 'done' : 'running',
    startedAtMs,
    endedAtMs: isDone ? Date.now() : null,
    doing: isDone ? '' : DOING[part],
    progressRatio: Math.min(1, ratio),
    problem: null,
    result: isDone ? RESULTS[part]() : null,
  } as ProbeReport[Part]
}

/** A part that could not be measured. */
export const failedPart = <Part extends ProbePart>(part: Part, problem: PartProblem): ProbeReport[Part] => ({
  ...partOf(part, 1),
  state: 'failed',
  problem,
  result: null,
})

/** A probe that is through, or as given. */
export const reportOf = (change: Partial<ProbeReport> = {}, atMs = Date.now() - 180_000): ProbeReport => ({
  version: 1,
  id: idOf(atMs),
  state: 'done',
  startedAtMs: atMs,
  endedAtMs: atMs + 141_000,
  moleVersion: '0.1.0',
  hostName: 'dtn1.physics.example.edu',
  request: ProbeRequest.parse({ target: { kind: 'host', host: 'iperf.example.edu' } }),
  targetName: TARGET_NAMES.host,
  interface: partOf('interface', 1),
  mtu: partOf('mtu', 1),
  latency: partOf('latency', 1),
  bandwidth: partOf('bandwidth', 1),
  analysis: fakeAnalysis(),
  recommendation: fakeRecommendation(),
  firewall: fakeFirewall(),
  problem: null,
  ...change,
})

const reviewOf = (target: ProbeTarget): Review => {
  if (target.kind === 'aws')
    return {
      resources: [
        { kind: 'Instance', name: 't4g.small', detail: `in ${target.region}, ended when the probe is through` },
        {
          kind: 'Security group',
          name: 'mole-probe',
          detail: 'lets in TCP and UDP 5201 and UDP 7011 from 192.0.2.17/32',
        },
      ],
      costUsdPerHour: 0.0218,
      costNote: 'About 3 minutes of it, and what is sent from AWS to you: $0.09 a GB. Prices of 2026-11-02.',
      warnings: ['It ends itself after 30 minutes, should this machine be cut off meanwhile.'],
    }
  const isLab = target.kind === 'lab'
  return {
    resources: isLab
      ? [
          {
            kind: 'Probe site',
            name: '198.18.0.10',
            detail: 'a network namespace on this machine, taken away afterwards',
          },
        ]
      : [],
    costUsdPerHour: 0,
    costNote: isLab ? 'The lab runs on this machine and costs nothing.' : 'Nothing is made.',
    warnings: [],
  }
}

export type FakeProbe = {
  readonly handlers: Pick<Handlers<AppContract>, Verb>
  readonly probe: Pick<Topic<ProbeReport | null>, 'get'>
  /** What the newest probe has come to. */
  show(report: ProbeReport): void
}

/** Probes of cardboard: what is begun stays where it is, until it is cancelled or shown otherwise. */
export const fakeProbe = (options: FakeProbeOptions, unless: Unless, follows: Follows): FakeProbe => {
  const probe = createTopic<ProbeReport | null>(options.probe ?? null)
  let earlier = [...(options.earlierProbes ?? [])]
  const listed = (): ProbeReport[] => [probe.get(), ...earlier].filter((each) => each !== null)
  const history = createTopic(listed().map(summarise))
  const set = (report: ProbeReport | null): void => {
    probe.set(report)
    history.set(listed().map(summarise))
  }
  const start: Handlers<AppContract>['probe.start'] = (request) =>
    unless('probe.start', () => {
      const before = probe.get()
      if (before?.state === 'running') throw new MoleError('conflict', 'A probe is running already.')
      if (before !== null) earlier = [before, ...earlier]
      const atMs = Date.now()
      const parts = PROBE_PARTS.map((part) => [
        part,
        request.parts.includes(part) ? WAITING : { ...WAITING, state: 'left-out' },
      ])
      set({
        ...reportOf({}, atMs),
        state: 'running',
        endedAtMs: null,
        request,
        targetName: TARGET_NAMES[request.target.kind],
        ...Object.fromEntries(parts),
        analysis: null,
        recommendation: null,
        firewall: [],
      })
      return { id: idOf(atMs) }
    })
  const cancel: Handlers<AppContract>['probe.cancel'] = () =>
    unless('probe.cancel', () => {
      const report = probe.get()
      if (report?.state !== 'running') return {}
      const parts = PROBE_PARTS.map((part) => [
        part,
        ['waiting', 'running'].includes(report[part].state)
          ? { ...report[part], state: 'cancelled', doing: '', endedAtMs: Date.now() }
          : report[part],
      ])
      set({ ...report, ...Object.fromEntries(parts), state: 'cancelled', endedAtMs: Date.now() })
      return {}
    })
  const find = (id: string): ProbeReport => {
    const found = listed().find((report) => report.id === id)
    if (found === undefined) throw new MoleError('not-found', `There is no probe ${id}.`)
    return found
  }
  const remove = (id: string): Record<string, never> => {
    find(id)
    earlier = earlier.filter((report) => report.id !== id)
    if (probe.get()?.id === id) set(earlier.shift() ?? null)
    else history.set(listed().map(summarise))
    return {}
  }

  return {
    probe,
    show: set,
    handlers: {
      'probe.defaults': () =>
        unless('probe.defaults', () => {
          const { target: _, ...defaults } = ProbeRequest.parse({ target: { kind: 'none' } })
          return defaults
        }),
      'probe.review': ({ target }) => unless('probe.review', () => reviewOf(target)),
      'probe.start': start,
      'probe.cancel': cancel,
      'probe.watch': (_, { signal }) => follows((open) => probe.follow(open), signal),
      'probe.history': (_, { signal }) => follows((open) => history.follow(open), signal),
      'probe.read': ({ id }) => unless('probe.read', () => find(id)),
      'probe.delete': ({ id }) => unless('probe.delete', () => remove(id)),
    },
  }
}

/** Opens a stream, unless all streams are mute. */
type Follows = <T>(stream: (signal: AbortSignal) => AsyncIterable<T>, signal: AbortSignal) => AsyncIterable<T>
