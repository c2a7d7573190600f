import { describe, expect, it } from 'vitest'
import type { OptimizeState, OptimizeTrial } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { connected, fakeEngine } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const PAIR = { beforeBitsPerSecond: 100_000_000, afterBitsPerSecond: 110_000_000 }
const KEPT: OptimizeTrial = { option: 'pinning', state: 'kept', pairs: [PAIR, PAIR], ratio: 1.1, reason: '10.0 % more' }
const LACKING: OptimizeTrial = { option: 'governor', state: 'lacking', pairs: [], ratio: null, reason: 'no cpufreq' }
const MEASURING: OptimizeTrial = { ...KEPT, state: 'measuring', pairs: [PAIR], reason: '' }
const PENDING: OptimizeTrial = { option: 'congestion', state: 'pending', pairs: [], ratio: null, reason: '' }

const state = (change: Partial<OptimizeState>): OptimizeState => ({
  running: false,
  startedAtMs: 0,
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
    expect(engine.calls).toContainEqual(['optimize.start', { options: ['pinning', 'governor'], pairs: 2, seconds: 1 }])
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
    expect(engine.calls).toContainEqual(['optimize.start', { options: null, pairs: 3, seconds: 5 }])
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
