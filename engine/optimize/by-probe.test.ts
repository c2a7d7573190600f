import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OptimizeState } from '../../contract/app.ts'
import type { HostLoad } from '../../contract/helper.ts'
import type { Recommendation } from '../../domain/probe/analysis.ts'
import { ProbeRequest } from '../../domain/probe/request.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import { optionsOf } from '../../domain/tuning.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { openActivity } from '../activity.ts'
import { silentLog } from '../log.ts'
import { newProbeId, newReport } from '../probe/new-report.ts'
import { deployFake, type FakeDeployment } from '../testing/fake-deployment.ts'
import { until } from '../testing/fake-world.ts'
import { recommendedFor } from './by-probe.ts'
import { openGround } from './ground.ts'
import { type Optimize, type OptimizeGround, openOptimize } from './optimize.ts'
import type { Measuring } from './subject.ts'

let fake: FakeDeployment
let optimize: Optimize
/** What was measured, in order: tunnels that were up, and how. */
let measured: (readonly [number, Measuring])[] = []
/** Bits per second that the bundle carries as it is now. */
let carries: (how: Measuring) => number
let onMeasure: (nth: number) => void | Promise<void>
/** What this host has by itself. */
let lacking: HostLoad['lacking']

const plan = (): DeploymentPlan => fake.deployment.record().plan

const open = (change: Partial<OptimizeGround> = {}): Optimize => {
  const ground = openGround({ ...fake, busyWith: () => null })
  return openOptimize(fake.clock, silentLog, openActivity(fake.store, fake.clock), {
    ...ground,
    load: async () => ({
      atMs: 0,
      cores: [],
      tunnels: [],
      tuned: optionsOf(fake.world.state.tuning).map((option) => ({ option, what: option, was: 'a', now: 'b' })),
      lacking,
    }),
    measure: async (how, signal) => {
      measured.push([fake.tunnelsUp(), how])
      await onMeasure(measured.length)
      signal.throwIfAborted()
      return carries(how)
    },
    ...change,
  })
}

beforeEach(async () => {
  measured = []
  carries = () => fake.tunnelsUp() * 1e8
  onMeasure = () => undefined
  lacking = []
  fake = await deployFake({ tunnels: 2 })
  optimize = open()
})
afterEach(async () => {
  await optimize.close()
  await fake.close()
})

const NOTHING: Recommendation = {
  innerMtuBytes: null,
  tunnels: null,
  streams: null,
  mptcp: null,
  congestionControl: null,
  bufferBytes: null,
  pinning: null,
  bastion: null,
}
const REASON = 'Because it was measured.'
const TUNNELS = (value: number) => ({ tunnels: { value, reason: REASON, key: 'deployment.tunnels' } })
const MPTCP = { mptcp: { value: true, reason: REASON, key: 'mptcp.enable' } }
const RENO = { congestionControl: { value: 'reno', reason: REASON, key: 'optimization.tcp_congestion' } }

let probes = 0
/** A probe that recommends so. */
const probed = (
  recommendation: Partial<Recommendation>,
  target: object = { kind: 'lab' },
  startedAtMs = (probes + 1) * 1000,
): string => {
  probes += 1
  const about = { id: newProbeId(startedAtMs), startedAtMs, moleVersion: '0', hostName: 'dtn' }
  const report = {
    ...newReport(ProbeRequest.parse({ target }), about),
    state: 'done' as const,
    recommendation: { ...NOTHING, ...recommendation },
  }
  fake.store.saveProbe(report, summarise(report))
  return report.id
}

const start = (fromProbe: string, pairs = 3): Promise<void> =>
  optimize.start({ options: null, fromProbe, pairs, seconds: 1 })

const ended = async (): Promise<OptimizeState> => {
  for await (const state of optimize.stream(AbortSignal.timeout(5000))) if (!state.running) return state
  throw new Error('it did not end')
}
const attempted = () => fake.store.attempt(fake.deployment.record().id)

describe('tunnels that a probe recommends', () => {
  it('are kept where they carry more, measured with as many connections before as after', async () => {
    const probe = probed(TUNNELS(4))
    await start(probe)
    const { trials, problem, fromProbe } = await ended()
    expect(trials).toMatchObject([{ option: 'tunnels', change: { now: '2', next: '4' }, state: 'kept', ratio: 2 }])
    expect([problem, fromProbe]).toEqual([null, probe])
    expect(measured.map(([tunnels]) => tunnels)).toEqual([2, 4, 4, 2, 2, 4])
    expect(new Set(measured.map(([, { streams }]) => streams))).toEqual(new Set([8]))
    expect([plan().tunnels, fake.tunnelsUp(), attempted()]).toEqual([4, 4, null])
    expect(fake.store.recentEvents(1)[0]?.text).toBe('Optimised: kept tunnels (2 → 4).')
  })

  it('are taken back where they carry no more', async () => {
    carries = () => 1e8
    await start(probed(TUNNELS(4)))
    expect((await ended()).trials[0]?.state).toBe('taken-back')
    expect([plan().tunnels, fake.tunnelsUp(), attempted()]).toEqual([2, 2, null])
  })

  it.each([1, 2, 6])('are as before when it is stopped at measurement %i', async (nth) => {
    onMeasure = (at) => {
      if (at === nth) optimize.stop()
    }
    await start(probed(TUNNELS(4)))
    expect((await ended()).problem).toBeNull()
    expect([plan().tunnels, fake.tunnelsUp(), attempted()]).toEqual([2, 2, null])
  })

  const tuneFails = (): Promise<void> => Promise.reject(new Error('half of it is not there'))

  it.each([{}, { tune: tuneFails }])('are taken back by the next engine where one was killed %#', async (ground) => {
    const stands = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    onMeasure = async (at) => {
      if (at !== 2) return
      reached.resolve()
      await stands.promise
    }
    await start(probed(TUNNELS(4)))
    await reached.promise
    expect([plan().tunnels, attempted()?.before.tunnels]).toEqual([4, 2])
    const next = open(ground)
    await next.recover()
    expect([plan().tunnels, fake.tunnelsUp(), attempted()]).toEqual([2, 2, null])
    stands.resolve()
    await next.close()
  })

  it('are left to who asks for another number meanwhile', async () => {
    onMeasure = async (at) => {
      if (at !== 2) return
      await fake.deployment.scale(3, null)
      throw new Error('what was measured says nothing')
    }
    await start(probed(TUNNELS(4)))
    expect((await ended()).problem).not.toBeNull()
    await until(fake.isOver)
    expect([plan().tunnels, fake.tunnelsUp(), attempted()]).toEqual([3, 3, null])
  })

  it('are not tried while their number follows the load', async () => {
    const { autoscale } = plan()
    await fake.deployment.adjust({ autoscale: { ...autoscale, enabled: true }, carriage: null, tuning: null })
    await until(fake.isOver)
    await start(probed(TUNNELS(4)))
    expect((await ended()).trials).toMatchObject([
      { state: 'lacking', reason: expect.stringContaining('scaling.enable') },
    ])
    expect(measured).toEqual([])
  })
})

describe('Multipath TCP that a probe recommends', () => {
  it('is kept where one connection carries more by it', async () => {
    carries = ({ protocol }) => (protocol === 'mptcp' ? 2e8 : 1e8)
    await start(probed(MPTCP))
    expect((await ended()).trials).toMatchObject([
      { option: 'mptcp', change: { now: 'off', next: 'on' }, state: 'kept', ratio: 2 },
    ])
    expect(new Set(measured.map(([, { streams }]) => streams))).toEqual(new Set([1]))
    expect([plan().carriage.mptcp === null, fake.world.state.mptcp === null, attempted()]).toEqual([false, false, null])
  })

  it('is off again where it does not', async () => {
    carries = ({ protocol }) => (protocol === 'mptcp' ? 0.5e8 : 1e8)
    await start(probed(MPTCP))
    expect((await ended()).trials[0]?.state).toBe('taken-back')
    expect([plan().carriage.mptcp, fake.world.state.mptcp, attempted()]).toEqual([null, null, null])
  })
})

describe('tuning that a probe recommends', () => {
  it('takes the place of what was kept before, where it is better than that', async () => {
    await fake.deployment.settle({ tuned: ['congestion'] })
    carries = () => (fake.world.state.tuning.congestion === 'reno' ? 2e8 : 1e8)
    await start(probed(RENO))
    expect((await ended()).trials).toMatchObject([
      { option: 'congestion', change: { now: 'bbr', next: 'reno' }, state: 'kept', ratio: 2 },
    ])
    expect([fake.world.state.tuning.congestion, plan().tuning.wanted.congestion]).toEqual(['reno', 'reno'])
    expect(fake.deployment.record().tuned).toEqual(['congestion'])
  })

  it('leaves what was kept before, where it is no better', async () => {
    await fake.deployment.settle({ tuned: ['congestion'] })
    carries = () => 1e8
    await start(probed(RENO))
    expect((await ended()).trials[0]?.state).toBe('taken-back')
    expect([fake.world.state.tuning.congestion, plan().tuning.wanted.congestion]).toEqual(['bbr', 'bbr'])
  })

  it('says what this host has not, and keeps what it had', async () => {
    await fake.deployment.settle({ tuned: ['congestion'] })
    lacking = [{ option: 'congestion', reason: 'no reno' }]
    await start(probed(RENO))
    expect((await ended()).trials).toMatchObject([{ state: 'lacking', reason: 'no reno' }])
    expect([fake.world.state.tuning.congestion, measured]).toEqual(['bbr', []])
  })
})

describe('what a probe would change', () => {
  it('is told with its reason, also what takes another "up"', () => {
    const mtu = { innerMtuBytes: { value: 1380, reason: 'Larger packets are lost.', key: 'tunnel.mtu' } }
    const { probe, changes } = optimize.review(probed({ ...TUNNELS(4), ...mtu }))
    expect(probe.targetName).toMatch(/lab/)
    expect(changes).toContainEqual(
      expect.objectContaining({ key: 'deployment.tunnels', now: '2', next: '4', reason: REASON, when: 'live' }),
    )
    expect(changes).toContainEqual(
      expect.objectContaining({ key: 'tunnel.mtu', reason: 'Larger packets are lost.', when: 'next-up' }),
    )
  })

  it('is, without a name, that of the newest that recommends anything for what is up', () => {
    const older = probed(TUNNELS(3))
    probed(TUNNELS(4), { kind: 'aws', region: 'us-west-2' })
    expect(optimize.review(null).probe.id).toBe(older)
  })

  it('is not that of tunnels which are down', () => {
    const before = probed(TUNNELS(3), { kind: 'deployment' })
    expect(() => optimize.review(before)).toThrow('of an earlier deployment')
    const since = probed(TUNNELS(3), { kind: 'deployment' }, fake.deployment.record().createdAtMs)
    expect(optimize.review(null).probe.id).toBe(since)
  })

  it('is in AWS that of the same region', () => {
    const here = probed(TUNNELS(3), { kind: 'aws', region: 'us-west-2' })
    const elsewhere = probed(TUNNELS(4), { kind: 'aws', region: 'eu-west-1' })
    const aws = DeploymentPlan.parse({ target: 'aws', aws: { instanceTypes: ['c6gn.medium'], region: 'us-west-2' } })
    const up = { plan: aws, createdAtMs: 0 }
    expect(recommendedFor(fake.store, up, null).probe.id).toBe(here)
    expect(() => recommendedFor(fake.store, up, elsewhere)).toThrow('what is up is "aws, us-west-2"')
  })

  it('is refused where the probe measured another target, or there is nothing to try', async () => {
    const elsewhere = probed(TUNNELS(4), { kind: 'aws', region: 'us-west-2' })
    expect(() => optimize.review(elsewhere)).toThrow('what is up is "lab"')
    await expect(start(probed(TUNNELS(2)))).rejects.toMatchObject({ code: 'bad-input', data: { field: 'fromProbe' } })
    await expect(
      optimize.start({ options: ['mptcp'], fromProbe: probed(TUNNELS(4)), pairs: 2, seconds: 1 }),
    ).rejects.toMatchObject({ code: 'bad-input', data: { field: 'options' } })
    expect(measured).toEqual([])
  })
})
