import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OptimizeState } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HostLoad } from '../../contract/helper.ts'
import { NO_TUNING, optionsOf, Tuning, type TuningOption } from '../../domain/tuning.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { type Optimize, type OptimizeGround, openOptimize } from './optimize.ts'
import { noRecommendation } from './refusals.ts'

const WANTED = Tuning.parse({
  ...NO_TUNING,
  pinning: { reserveCores: 0 },
  governor: 'performance',
  congestion: 'bbr',
  windowScaling: true,
})

/** What each option makes of goodput on a host without noise; what is missing here this host does not have. */
const EFFECTS: Partial<Record<TuningOption, number>> = { pinning: 1.2, congestion: 0.9, 'window-scaling': 1.01 }

const fakeGround = () => {
  const world = {
    inForce: [] as readonly TuningOption[],
    tuned: [] as readonly TuningOption[],
    apply: 'measured' as 'measured' | 'always' | 'never',
    measured: [] as (readonly TuningOption[])[],
    /** Called at each measurement. */
    onMeasure: (_nth: number): void => undefined,
    /** Called when it is asked whether anything can be measured. */
    onAsked: (): void => undefined,
    tell: [] as string[],
    isAttempting: false,
    busyWith: null as string | null,
  }
  const ground: OptimizeGround = {
    plan: () => DeploymentPlan.parse({ tuning: { apply: world.apply, wanted: WANTED } }),
    tuned: () => world.tuned,
    inForce: () => world.tuned,
    tune: async (manner) => {
      world.inForce = manner?.tuned ?? world.tuned
    },
    keep: async ({ tuned }) => {
      world.tuned = tuned
      world.inForce = tuned
    },
    attempt: async () => undefined,
    settle: () => undefined,
    restore: async () => {
      world.isAttempting = false
    },
    isAttempting: () => world.isAttempting,
    recommended: (id) => {
      throw noRecommendation(id)
    },
    busyWith: () => world.busyWith,
    load: async (): Promise<HostLoad> => ({
      atMs: 0,
      cores: [],
      tunnels: [],
      tuned: world.inForce
        .filter((option) => EFFECTS[option] !== undefined)
        .map((option) => ({ option, what: option, was: 'a', now: 'b' })),
      lacking: world.inForce
        .filter((option) => option === 'governor')
        .map((option) => ({ option, reason: 'no cpufreq' })),
    }),
    assertMeasurable: async () => world.onAsked(),
    measure: async (_, signal) => {
      world.measured.push(world.inForce)
      world.onMeasure(world.measured.length)
      signal.throwIfAborted()
      return world.inForce.reduce((figure, option) => figure * (EFFECTS[option] ?? 1), 1e9)
    },
  }
  const activity: Activity = {
    add: (_, kind) => void world.tell.push(kind),
    // biome-ignore lint/correctness/useYield: nobody reads it here
    stream: async function* () {
      throw new Error('nobody reads it here')
    },
    close: () => undefined,
  }
  return { world, optimize: openOptimize(systemClock, silentLog, activity, ground) }
}

let world: ReturnType<typeof fakeGround>['world']
let optimize: Optimize

beforeEach(() => {
  ;({ world, optimize } = fakeGround())
})
afterEach(() => optimize.close())

/** Follows it to its end. */
const ended = async (): Promise<OptimizeState> => {
  for await (const state of optimize.stream(AbortSignal.timeout(5000))) if (!state.running) return state
  throw new Error('it did not end')
}
const order = (options: TuningOption[] | null = null, pairs = 3) => ({ options, fromProbe: null, pairs, seconds: 1 })

describe('optimising', () => {
  it('keeps what measured better, takes back the rest, and says what this host lacks', async () => {
    await optimize.start(order())
    const { trials, inForce, problem } = await ended()
    expect(trials.map(({ option, state }) => [option, state])).toEqual([
      ['pinning', 'kept'],
      ['governor', 'lacking'],
      ['congestion', 'taken-back'],
      ['window-scaling', 'taken-back'],
    ])
    expect(problem).toBeNull()
    expect(trials[0]?.ratio).toBeCloseTo(1.2)
    expect(trials[1]).toMatchObject({ pairs: [], reason: 'no cpufreq' })
    expect([world.tuned, world.inForce, inForce]).toEqual([['pinning'], ['pinning'], ['pinning']])
    expect(world.tell).toEqual(['optimize.started', 'optimize.ended'])
  })

  it('measures in pairs of alternating order, each option on top of those kept', async () => {
    await optimize.start(order(['pinning', 'congestion'], 2))
    await ended()
    expect(world.measured).toEqual([
      [],
      ['pinning'],
      ['pinning'],
      [],
      ['pinning'],
      ['pinning', 'congestion'],
      ['pinning', 'congestion'],
      ['pinning'],
    ])
  })

  it('tries again what was kept before, and lets it go when it is better no more', async () => {
    world.tuned = ['congestion']
    world.inForce = ['congestion']
    await optimize.start(order(['congestion']))
    expect((await ended()).trials[0]?.state).toBe('taken-back')
    expect([world.tuned, world.inForce]).toEqual([[], []])
  })

  it.each([1, 2, 3, 4, 8])('stopped at measurement %i, leaves what was recorded in force', async (nth) => {
    world.onMeasure = (at) => {
      if (at === nth) optimize.stop()
    }
    await optimize.start(order())
    const { problem, trials } = await ended()
    expect(problem).toBeNull()
    expect(trials.some(({ state }) => state === 'measuring')).toBe(false)
    expect(world.inForce).toEqual(world.tuned)
    expect(world.tuned).toEqual(nth > 6 ? ['pinning'] : [])
  })

  it('takes back what it tried when a measurement fails, and says why', async () => {
    world.onMeasure = () => {
      throw new MoleError('not-available', 'No tunnel carries.', { field: 'lab' })
    }
    await optimize.start(order())
    expect((await ended()).problem).toMatchObject({ code: 'not-available' })
    expect([world.tuned, world.inForce]).toEqual([[], []])
  })

  it('takes back what an engine that was killed had been trying', async () => {
    world.inForce = ['pinning']
    await optimize.recover()
    expect(world.inForce).toEqual([])
    world.tuned = ['pinning']
    await optimize.recover()
    expect(world.inForce).toEqual(['pinning'])
  })

  it('takes back what such an engine had attempted of the bundle', async () => {
    world.isAttempting = true
    await optimize.recover()
    expect([world.isAttempting, world.tell]).toEqual([false, ['optimize.taken-back']])
  })

  it('waits for whatever else is measured', async () => {
    world.busyWith = 'A probe is being measured.'
    await expect(optimize.start(order())).rejects.toMatchObject({
      code: 'conflict',
      message: 'A probe is being measured.',
    })
    expect(world.measured).toEqual([])
  })

  it('does not begin where something else began while it was asked', async () => {
    world.onAsked = () => {
      world.busyWith = 'A probe is being measured.'
    }
    await expect(optimize.start(order())).rejects.toMatchObject({ code: 'conflict' })
    expect([optimize.isRunning(), world.measured, world.tell]).toEqual([false, [], []])
  })

  it('says of a probe that recommends nothing that it does, and what to do', async () => {
    const probe = 'probe-20261121-203315-3f9c2a'
    const problem = { code: 'not-found', data: { nextStep: expect.stringContaining('mole probe') } }
    await expect(optimize.start({ ...order(), fromProbe: probe })).rejects.toMatchObject(problem)
    expect(() => optimize.review(null)).toThrow('No probe has recommended anything yet.')
  })

  it('refuses what cannot be tried, before anything is changed', async () => {
    await expect(optimize.start(order(['nic-mtu']))).rejects.toMatchObject({
      code: 'bad-input',
      data: { nextStep: expect.stringContaining('optimization.large_mtu') },
    })
    for (const apply of ['always', 'never'] as const) {
      world.apply = apply
      await expect(optimize.start(order())).rejects.toMatchObject({
        code: 'conflict',
        data: { field: 'optimization.apply' },
      })
    }
    expect(world.measured).toEqual([])
    expect(optionsOf(WANTED)).not.toContain('nic-mtu')
  })

  it('runs once at a time', async () => {
    await optimize.start(order())
    await expect(optimize.start(order())).rejects.toMatchObject({ code: 'conflict' })
    await ended()
  })
})
