import { describe, expect, it } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import type { Recommendation } from '../../domain/probe/analysis.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbeRequest } from '../../domain/probe/request.ts'
import { planOfRequest } from '../plan-of-request.ts'
import { openReport } from '../report.ts'
import { connected, type FakeEngine, fakeEngine, NOTHING, refusing } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const ID = 'probe-20261121-203315-3f9c2a'
const advice = <T>(value: T, key: string, reason: string) => ({ value, key, reason })
const RECOMMENDED: Recommendation = {
  innerMtuBytes: advice(1380, 'tunnel.mtu', 'Packets of 1440 bytes are the largest that pass.'),
  tunnels: advice(6, 'deployment.tunnels', 'Each flow may carry 100 Mbit/s.'),
  streams: null,
  mptcp: null,
  congestionControl: null,
  bufferBytes: null,
  pinning: null,
  bastion: null,
}

const LEFT_OUT = {
  state: 'left-out' as const,
  startedAtMs: null,
  endedAtMs: null,
  doing: '',
  progressRatio: 0,
  problem: null,
  result: null,
}

/** A probe that ended like this. */
const probeOf = (request: ProbeRequest, change: Partial<ProbeReport>): ProbeReport => ({
  version: 1,
  id: ID,
  state: 'done',
  startedAtMs: 0,
  endedAtMs: 1,
  moleVersion: '0.1.0',
  hostName: 'dtn',
  request,
  targetName: 'the site',
  interface: LEFT_OUT,
  mtu: LEFT_OUT,
  latency: LEFT_OUT,
  bandwidth: LEFT_OUT,
  analysis: null,
  recommendation: RECOMMENDED,
  firewall: [],
  problem: null,
  ...change,
})

const FREE = { resources: [], costUsdPerHour: 0, costNote: 'free', warnings: [] }

/** An engine whose probes end like this. */
const engineThat = (
  change: Partial<ProbeReport>,
  view: Parameters<typeof fakeEngine>[0] = NOTHING,
  more: Parameters<typeof fakeEngine>[1] = {},
): FakeEngine => {
  let probe: ProbeReport | null = null
  return fakeEngine(view, {
    'probe.review': async () => FREE,
    'probe.start': async (request) => {
      probe = probeOf(request, change)
      return { id: ID }
    },
    'probe.watch': async function* () {
      yield probe
    },
    ...more,
  })
}

const names = ({ calls }: FakeEngine): string[] => calls.map(([name]) => name)
const madeBy = ({ calls }: FakeEngine): unknown => calls.find(([name]) => name === 'deployment.deploy')?.[1]

const FAILED: Partial<ProbeReport> = {
  state: 'failed',
  recommendation: null,
  problem: { message: 'The site does not answer.', meaning: null, nextStep: null },
}

describe('a plan that is written down only', () => {
  it('is taken as it is, and says that nothing was probed for it', async () => {
    const world = fakeWorld(null)
    const flags = [{ flag: '--auto-optimize', path: 'deployment.auto_optimize', value: true }]
    expect((await planOfRequest(world, openReport(world, {}), { flags })).tunnels).toBe(4)
    expect(world.err.join('')).toContain('deployment.auto_optimize has no effect here')
  })
})

describe('mole up --auto-optimize', () => {
  it('probes a network like that of the lab, and makes what was recommended, each with its reason', async () => {
    const engine = engineThat({})
    const { code, err } = await mole('up --path-rate 50M --auto-optimize --yes', fakeWorld(engine))
    expect(code).toBe(0)
    expect(engine.calls).toContainEqual([
      'probe.start',
      expect.objectContaining({
        target: { kind: 'lab', site: expect.objectContaining({ flowRateBitsPerSecond: 50_000_000 }) },
        regions: [],
      }),
    ])
    expect(err).toContain('Tunnels: 4 → 6 (deployment.tunnels)\n    Each flow may carry 100 Mbit/s.')
    expect(err).toContain('MTU inside the tunnels: 1420 bytes → 1380 bytes (tunnel.mtu)')
    expect(madeBy(engine)).toMatchObject({ plan: { tunnels: 6, mtuBytes: 1380 } })
    expect(names(engine).indexOf('probe.start')).toBeLessThan(names(engine).indexOf('deployment.review'))
  })

  it('holds to what was given as an option', async () => {
    const engine = engineThat({})
    const { err } = await mole('up --tunnels 3 --auto-optimize --yes', fakeWorld(engine))
    expect(madeBy(engine)).toMatchObject({ plan: { tunnels: 3, mtuBytes: 1380 } })
    expect(err).toContain('Tunnels: 3, as you gave it; the probe recommends 6.')
  })

  it('shows what a probe in AWS costs and asks, before anything is made', async () => {
    const engine = engineThat({}, NOTHING, {
      'probe.review': async () => ({ ...FREE, costUsdPerHour: 0.05 }),
      'deployment.review': async ({ plan }) => ({
        plan: { ...plan, aws: plan.aws === null ? null : { ...plan.aws, region: 'us-west-2' } },
        ...FREE,
      }),
    })
    const asked: string[] = []
    const confirm = async (question: string) => {
      asked.push(question)
      return false
    }
    const world = fakeWorld(engine, {}, { isInteractive: true, confirm })
    const { code, err } = await mole('up --target aws --auto-optimize', world)
    expect([code, asked]).toEqual([130, ['Launch it and measure?']])
    expect(err).toContain('$0.0500 an hour')
    expect(engine.calls).toContainEqual([
      'probe.review',
      { target: expect.objectContaining({ kind: 'aws', region: 'us-west-2' }) },
    ])
    expect(names(engine)).not.toContain('probe.start')
  })

  it.each([
    ['that failed', FAILED, {}, 'The site does not answer.'],
    ['that says nothing', { recommendation: null }, {}, 'could not say what to deploy'],
    ['that could not begin', {}, { 'probe.start': refusing('conflict', 'A probe is running already.') }, 'A probe is'],
  ])('with a probe %s makes nothing where nobody can be asked', async (_, change, more, said) => {
    const engine = engineThat(change, NOTHING, more)
    const { code, err } = await mole('up --auto-optimize --yes', fakeWorld(engine))
    expect(code).not.toBe(0)
    expect(err).toContain(said)
    expect(err).toContain('Nothing was made.')
    expect(names(engine)).not.toContain('deployment.deploy')
  })

  it.each([true, false])('asks whether to go on without a probe that failed: %s', async (answer) => {
    const engine = engineThat(FAILED)
    const asked: string[] = []
    const confirm = async (question: string) => {
      asked.push(question)
      return answer
    }
    const { code } = await mole('up --auto-optimize', fakeWorld(engine, {}, { isInteractive: true, confirm }))
    expect(code).toBe(answer ? 0 : 130)
    expect(asked).toEqual(['Go on with the plan as it is?', ...(answer ? ['Make it?'] : [])])
    expect(madeBy(engine)).toEqual(
      answer ? expect.objectContaining({ plan: expect.objectContaining({ tunnels: 4 }) }) : undefined,
    )
  })

  it('cancelled meanwhile, makes nothing', async () => {
    const engine = engineThat({ state: 'cancelled' })
    expect((await mole('up --auto-optimize --yes', fakeWorld(engine))).code).toBe(130)
    expect(names(engine)).not.toContain('deployment.deploy')
  })

  it('does not probe for what is up already, and leaves it as it was chosen', async () => {
    const engine = engineThat({}, connected(6))
    const { code, err } = await mole('up --auto-optimize --yes', fakeWorld(engine))
    expect(code).toBe(0)
    expect(err).toContain('Nothing differs from what is asked for')
    expect(names(engine)).not.toContain('probe.start')
    expect(madeBy(engine)).toMatchObject({ plan: { tunnels: 6 } })
  })

  it('says which part could not be measured, and goes by the rest', async () => {
    const problem = { message: 'iperf3 is not installed.', meaning: null, nextStep: null }
    const engine = engineThat({ bandwidth: { ...LEFT_OUT, state: 'failed', problem } })
    const { code, err } = await mole('up --auto-optimize --yes', fakeWorld(engine))
    expect(code).toBe(0)
    expect(err).toContain('Not measured: bandwidth. iperf3 is not installed.')
  })

  it('tells an error that is none of ours as it is', async () => {
    const engine = engineThat({}, NOTHING, {
      'probe.review': async () => {
        throw new MoleError('credentials-expired', 'Log in again.', { nextStep: 'aws sso login' })
      },
    })
    const { err } = await mole('up --auto-optimize --yes', fakeWorld(engine))
    expect(err).toContain('Log in again.')
    expect(err).toContain('aws sso login')
  })
})
