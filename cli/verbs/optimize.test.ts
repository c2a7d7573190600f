import { describe, expect, it } from 'vitest'
import type { OptimizeState, OptimizeTrial } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { PlanChange } from '../../domain/probe/plan-change.ts'
import type { ProbeSummary } from '../../domain/probe/report.ts'
import { connected, fakeEngine } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const PAIR = { beforeBitsPerSecond: 100_000_000, afterBitsPerSecond: 110_000_000 }
const KEPT: OptimizeTrial = {
  option: 'pinning',
  change: null,
  state: 'kept',
  pairs: [PAIR, PAIR],
  ratio: 1.1,
  reason: '10.0 % more',
}
const LACKING: OptimizeTrial = {
  option: 'governor',
  change: null,
  state: 'lacking',
  pairs: [],
  ratio: null,
  reason: 'no cpufreq',
}
const MEASURING: OptimizeTrial = { ...KEPT, state: 'measuring', pairs: [PAIR], reason: '' }
const PENDING: OptimizeTrial = {
  option: 'congestion',
  change: null,
  state: 'pending',
  pairs: [],
  ratio: null,
  reason: '',
}

const state = (change: Partial<OptimizeState>): OptimizeState => ({
  running: false,
  startedAtMs: 0,
  fromProbe: null,
  trials: [],
  inForce: [],
  problem: null,
  ...change,
})

const engineThat = (...states: OptimizeState[]) =>
  fakeEngine(connected(2), {
    'optimize.start': async () => ({}),
    'optimize.stop': async () => ({}),
    'optimize.watch': async function* () {
      yield* states
    },
  })

describe('mole optimize', () => {
  it('tells how far it is, and then what came of each option', async () => {
    const engine = engineThat(
      state({ running: true, trials: [MEASURING, LACKING] }),
      state({ trials: [KEPT, LACKING], inForce: ['pinning'] }),
    )
    const { code, out, err } = await mole('optimize pinning governor --pairs 2 --seconds 1', fakeWorld(engine))
    expect(code).toBe(0)
    expect(engine.calls).toContainEqual([
      'optimize.start',
      { options: ['pinning', 'governor'], fromProbe: null, pairs: 2, seconds: 1 },
    ])
    expect(err).toContain('  pinning: pair 1, ratio 1.100\n')
    expect(err).toContain('  pinning: kept (10.0 % more)\n')
    expect(out).toMatch(/^pinning +100 Mbit\/s +110 Mbit\/s +1\.100 +kept +10\.0 % more$/m)
    expect(out).toMatch(/^governor +– +– +– +not here +no cpufreq$/m)
    expect(out).toContain('In force: pinning')
  })

  it('tries all that is wanted where nothing is named, and gives programs all of it', async () => {
    const engine = engineThat(state({ trials: [KEPT], inForce: ['pinning'] }))
    const { code, out } = await mole('optimize --json', fakeWorld(engine))
    expect(code).toBe(0)
    expect(engine.calls).toContainEqual(['optimize.start', { options: null, fromProbe: null, pairs: 3, seconds: 5 }])
    expect(JSON.parse(out)).toMatchObject({ ok: true, trials: [KEPT], inForce: ['pinning'] })
  })

  it.each([
    ['optimize pining', 'Did you mean "pinning"?'],
    ['optimize xyzzy', 'Choose from: pinning, governor'],
    ['optimize --pairs 1', '--pairs 1: must be a whole number from 2 to 20'],
    ['optimize --seconds 61', '--seconds 61: must be a whole number from 1 to 60'],
  ])('refuses "%s" before anything is asked', async (line, said) => {
    const engine = engineThat()
    const { code, err } = await mole(line, fakeWorld(engine))
    expect(code).toBe(2)
    expect(err).toContain(said)
    expect(engine.calls.map(([name]) => name)).not.toContain('optimize.start')
  })

  it('says what went wrong, and what was found out all the same', async () => {
    const problem = new MoleError('not-available', 'iperf3 could not finish.', { nextStep: 'Try again.' })
    const { code, message, data } = problem
    const failed = state({ trials: [KEPT, PENDING], problem: { code, message, data } })
    const result = await mole('optimize', fakeWorld(engineThat(failed)))
    expect(result.code).not.toBe(0)
    expect(result.err).toContain('iperf3 could not finish.')
    expect(result.out).toContain('pinning')
  })

  it('stopped before its end, is no success', async () => {
    const { code, err } = await mole('optimize', fakeWorld(engineThat(state({ trials: [KEPT, PENDING] }))))
    expect(code).toBe(130)
    expect(err).toContain('Optimising was stopped.')
  })
})

const PROBE: ProbeSummary = {
  id: 'probe-20261121-203315-3f9c2a',
  state: 'done',
  startedAtMs: 0,
  targetName: 'the lab’s probe site',
  mtuBytes: 1440,
  rttMs: 5,
  goodputBitsPerSecond: 1e8,
  bottleneck: 'flow-policing',
}
const TUNNELS: PlanChange = {
  what: 'Tunnels',
  key: 'deployment.tunnels',
  now: '2',
  next: '4',
  reason: 'Each flow may carry 100 Mbit/s.',
  when: 'live',
}
const MTU: PlanChange = { ...TUNNELS, what: 'MTU', key: 'tunnel.mtu', now: '1420', next: '1380', when: 'next-up' }
const TRIED: OptimizeTrial = { ...KEPT, option: 'tunnels', change: { now: '2', next: '4' } }

const engineBy = (changes: PlanChange[]) =>
  fakeEngine(connected(2), {
    'probe.history': async function* () {
      yield [PROBE]
    },
    'optimize.review': async () => ({ probe: PROBE, changes }),
    'optimize.start': async () => ({}),
    'optimize.watch': async function* () {
      yield state({ fromProbe: PROBE.id, trials: [TRIED] })
    },
  })

const names = (calls: readonly [string, unknown][]): string[] => calls.map(([name]) => name)

describe('mole optimize --from-probe', () => {
  it('shows what is different and why, tries it, and lists what takes another "up"', async () => {
    const engine = engineBy([TUNNELS, MTU])
    const { code, out, err } = await mole('optimize --from-probe --yes', fakeWorld(engine))
    expect(code).toBe(0)
    expect(err).toContain(`By ${PROBE.id}, which measured towards the lab’s probe site:\n`)
    expect(err).toContain('  Tunnels: 2 → 4 (deployment.tunnels)\n    Each flow may carry 100 Mbit/s.\n')
    expect(engine.calls).toContainEqual(['optimize.review', { fromProbe: null }])
    expect(engine.calls).toContainEqual([
      'optimize.start',
      { options: null, fromProbe: PROBE.id, pairs: 3, seconds: 5 },
    ])
    expect(out).toMatch(/^tunnels 2 → 4 +100 Mbit\/s +110 Mbit\/s +1\.100 +kept/m)
    expect(out).toContain('another "mole up" change this:\n  MTU: 1420 → 1380 (tunnel.mtu)')
  })

  it.each([
    [true, 0],
    [false, 130],
  ])('asks first: the answer %s ends with %i', async (answer, expected) => {
    const engine = engineBy([TUNNELS])
    const world = fakeWorld(engine, {}, { isInteractive: true, confirm: async () => answer })
    expect((await mole(['optimize', 'tunnels', '--from-probe', '3f9c2a'], world)).code).toBe(expected)
    expect(engine.calls).toContainEqual(['optimize.review', { fromProbe: PROBE.id }])
    expect(names(engine.calls).includes('optimize.start')).toBe(answer)
  })

  it.each([
    [[], `All is as ${PROBE.id} recommends.`],
    [[MTU], 'Nothing that'],
  ])('asks and tries nothing where nothing can be changed', async (changes, said) => {
    const engine = engineBy(changes)
    const { code, out } = await mole('optimize --from-probe latest --yes --json', fakeWorld(engine))
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, fromProbe: PROBE.id, changes })
    const told = await mole('optimize --from-probe latest --yes', fakeWorld(engine))
    expect(told.out).toContain(said)
    expect(names(engine.calls)).not.toContain('optimize.start')
  })

  it('shows of what can be changed only what was named, and takes no name for an id', async () => {
    const engine = engineBy([TUNNELS, { ...TUNNELS, what: 'Multipath TCP', key: 'mptcp.enable' }])
    const { err } = await mole('optimize mptcp --from-probe latest --yes', fakeWorld(engine))
    expect(err).toContain('  Multipath TCP: 2 → 4 (mptcp.enable)')
    expect(err).not.toContain('deployment.tunnels')
    expect(engine.calls).toContainEqual([
      'optimize.start',
      { options: ['mptcp'], fromProbe: PROBE.id, pairs: 3, seconds: 5 },
    ])
    const odd = await mole('optimize --from-probe tunnels --yes', fakeWorld(engineBy([TUNNELS])))
    expect(odd.code).toBe(2)
    expect(odd.err).toContain('mole optimize tunnels --from-probe')
  })

  it('refuses before anything is asked for where nobody could be asked', async () => {
    const engine = engineBy([TUNNELS])
    const { code, err } = await mole('optimize --from-probe', fakeWorld(engine))
    expect([code, engine.calls]).toEqual([2, []])
    expect(err).toContain('--yes')
  })
})
