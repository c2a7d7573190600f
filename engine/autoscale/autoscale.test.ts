import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { Act, AutoscaleView, TelemetrySample } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { FlowSeen } from '../../domain/autoscale/look.ts'
import { AwsPlan } from '../../domain/aws-plan.ts'
import { DeploymentPlan, slotsOf } from '../../domain/tunnel-plan.ts'
import { openStandingTopic } from '../deployment/standing-topic.ts'
import { NO_STANDING, type Standing } from '../deployment/view.ts'
import { silentLog } from '../log.ts'
import { openQueue } from '../queue.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { type Autoscaler, openAutoscale } from './autoscale.ts'

const START = Date.UTC(2026, 10, 21, 12)
const CAPACITY = 100e6

let directory = ''
let store: Store
/** Ends what a test has begun. */
const open: Autoscaler[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  store = openStore(join(directory, 'mole.sqlite'), START)
})
afterEach(() => {
  for (const autoscale of open.splice(0)) autoscale.close()
  store.close()
  rmSync(directory, { recursive: true })
})

type Plan = z.input<typeof DeploymentPlan>

const recordOf = (plan: Plan): DeploymentRecord => ({
  id: 'lab-3f9c2a',
  plan: DeploymentPlan.parse({ tunnels: 1, autoscale: { enabled: true }, ...plan }),
  profile: null,
  desired: 'up',
  bastions: [],
  createdAtMs: START,
  connectedAtMs: START,
  tuned: [],
})

/** A deployment of plain objects, with an autoscaler over it and a clock of its own. */
const begin = (plan: Plan, change: Partial<Standing> = {}) => {
  const standing = openStandingTopic({ ...NO_STANDING, record: recordOf(plan), ...change })
  const told: string[] = []
  const asked: number[] = []
  let nowMs = 0
  let flowLooks = 0
  const feed = openQueue<{ kind: 'sample'; sample: TelemetrySample }>(1000, 'fail')
  const world = {
    standing,
    told,
    asked,
    wanted: 0,
    flows: 16,
    flowLooks: () => flowLooks,
    busyWith: null as string | null,
    wallMs: START,
    scale: async (tunnels: number): Promise<Act['state']> => {
      const { record } = standing.get()
      if (record !== null) standing.set({ record: { ...record, plan: { ...record.plan, tunnels } } })
      return 'done'
    },
    /** Another engine over the same store. */
    open: (): Autoscaler => {
      const autoscale = openAutoscale({
        standing,
        telemetry: {
          stream: async function* (_, signal) {
            yield { kind: 'history', samples: [] }
            yield* feed.values(signal)
          },
        },
        store,
        clock: { wallMs: () => world.wallMs + nowMs, monotonicMs: () => nowMs, sleep: async () => undefined },
        activity: { add: (level, kind, text) => void told.push(`${level} ${kind}: ${text}`) },
        log: silentLog,
        seeFlows: async (): Promise<FlowSeen[]> => {
          flowLooks += 1
          return Array.from({ length: world.flows }, (_, at) => ({
            id: `${at}`,
            bytes: 0,
            bitsPerSecond: world.wanted / world.flows,
            spreads: false,
            heldBack: false,
          }))
        },
        scale: async (tunnels) => {
          asked.push(tunnels)
          return world.scale(tunnels)
        },
        busyWith: () => world.busyWith,
      })
      open.push(autoscale)
      return autoscale
    },
    /** Lives so many seconds. */
    live: async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        nowMs += 1000
        feed.push({ kind: 'sample', sample: sampleOf(standing.get(), world.wanted, nowMs) })
        // Everybody takes his turn.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
  return world
}

const sampleOf = ({ record }: Standing, wanted: number, atMs: number): TelemetrySample => {
  const slots = record === null ? [] : slotsOf(record.plan)
  const each = Math.min(wanted / slots.length, CAPACITY)
  return {
    atMs,
    tunnels: slots.map((slot) => ({
      slot,
      upBitsPerSecond: each,
      downBitsPerSecond: each / 50,
      rttMs: wanted > slots.length * CAPACITY ? 20 : 0.5,
      lossRatio: 0,
      handshakeAgeSeconds: 1,
      upBytes: 0,
      downBytes: 0,
    })),
  }
}

const viewOf = async (autoscale: Autoscaler): Promise<AutoscaleView> => {
  for await (const view of autoscale.stream(AbortSignal.timeout(5000))) return view
  throw new Error('no view')
}

const kinds = (told: readonly string[]): string[] => told.map((line) => line.split(':')[0] ?? '')

describe('scaling by itself', () => {
  it('adds tunnels under load and removes them when it is gone, and tells each step with its reason', async () => {
    const world = begin({})
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(420)
    expect(world.asked).toEqual([2, 4, 8])
    world.wanted = 0
    await world.live(720)
    expect(world.asked).toEqual([2, 4, 8, 1])
    expect(kinds(world.told)).toEqual([
      'info autoscale.up',
      'info autoscale.up',
      'info autoscale.up',
      'info autoscale.down',
    ])
    expect(world.told[0]).toBe(
      'info autoscale.up: Tunnels added by itself, 1 → 2. Utilisation is 100 % (100 Mbit/s of 1 × 100 Mbit/s), above 80 %.',
    )
    const { decisions, capacityPerTunnelBitsPerSecond, utilisation } = await viewOf(autoscale)
    expect([capacityPerTunnelBitsPerSecond, utilisation]).toEqual([CAPACITY, 0])
    const steps = decisions.filter(({ action }) => action !== 'hold')
    expect(steps.map(({ action, to }) => `${action} ${to}`)).toEqual(['down 1', 'up 8', 'up 4', 'up 2'])
    expect(steps.at(-1)?.outcome).toBe('Goodput rose: 100 Mbit/s before, 200 Mbit/s after.')
  })

  it('only measures while it is switched off', async () => {
    const world = begin({ autoscale: { enabled: false } })
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(90)
    const view = await viewOf(autoscale)
    expect(world.asked).toEqual([])
    expect(view).toMatchObject({ utilisation: 1, decisions: [], nextLookAtMs: null, upAllowedAtMs: null })
    expect(world.flowLooks()).toBe(0)
  })

  it('is switched on and off, and set otherwise, by the plan', async () => {
    const world = begin({ autoscale: { enabled: false, intervalMs: 10_000 } })
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(30)
    const { record } = world.standing.get()
    if (record === null) throw new Error('nothing is up')
    const autoscaleSettings = { ...record.plan.autoscale, enabled: true }
    world.standing.set({ record: { ...record, plan: { ...record.plan, autoscale: autoscaleSettings } } })
    expect((await viewOf(autoscale)).settings).toEqual(autoscaleSettings)
    await world.live(11)
    expect(world.asked).toEqual([2])
  })

  it('looks at flows only while something is carried', async () => {
    const world = begin({})
    world.open()
    await world.live(60)
    expect(world.flowLooks()).toBe(0)
    world.wanted = 50e6
    await world.live(5)
    expect(world.flowLooks()).toBe(5)
  })

  it('goes on after a restart with what was measured, decided and waited for', async () => {
    const world = begin({})
    const first = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(60)
    expect(world.asked).toEqual([2])
    const before = await viewOf(first)
    first.close()
    const second = world.open()
    const after = await viewOf(second)
    expect(after.decisions.find(({ action }) => action === 'up')).toEqual(
      before.decisions.find(({ action }) => action === 'up'),
    )
    expect(after.capacityPerTunnelBitsPerSecond).toBe(CAPACITY)
    expect(after.upAllowedAtMs).toBe(before.upAllowedAtMs)
    // The cooldown is the same; the step is still judged.
    await world.live(60)
    expect(world.asked).toEqual([2])
    await world.live(60)
    expect(world.asked).toEqual([2, 4])
    expect((await viewOf(second)).decisions.findLast(({ action }) => action === 'up')?.outcome).toMatch(/^Goodput rose/)
  })

  it('shows no load while the helper does not answer, and keeps what one tunnel carries', async () => {
    const world = begin({})
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(40)
    expect((await viewOf(autoscale)).utilisation).not.toBeNull()
    world.standing.set({ detached: true })
    expect(await viewOf(autoscale)).toMatchObject({
      goodputBitsPerSecond: null,
      utilisation: null,
      capacityPerTunnelBitsPerSecond: CAPACITY,
    })
  })

  it('forgets what is gone', async () => {
    const world = begin({})
    const autoscale = world.open()
    world.wanted = 1e10
    await world.live(60)
    expect(store.autoscale('lab-3f9c2a')).not.toBeNull()
    world.standing.set({ record: null })
    expect(store.autoscale('lab-3f9c2a')).toBeNull()
    expect(await viewOf(autoscale)).toMatchObject({ goodputBitsPerSecond: null, decisions: [] })
  })

  it('a wall clock that is set stretches and shortens no cooldown', async () => {
    const world = begin({})
    world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(60)
    world.wallMs -= 3_600_000
    await world.live(60)
    expect(world.asked).toEqual([2])
    await world.live(60)
    expect(world.asked).toEqual([2, 4])
  })
})

describe('a step that cannot be made', () => {
  /** The second bastion cannot be had; the tunnels are dealt over both all the same. */
  const withoutSecond = () => {
    const world = begin({ tunnels: 8, maxTunnels: 64 })
    const { scale } = world
    world.scale = async (tunnels) => {
      const state = await scale(tunnels)
      const problem = { code: 'capacity' as const, message: 'AWS has no room.', data: {} }
      world.standing.set({ shortfall: new Map(tunnels > 8 ? [[2, problem]] : []) })
      return state
    }
    return world
  }

  it('is taken back at once, and not tried again for long', async () => {
    const world = withoutSecond()
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(900)
    expect(world.asked).toEqual([16, 8])
    expect(kinds(world.told)).toEqual(['info autoscale.up', 'warning autoscale.failed'])
    const { decisions } = await viewOf(autoscale)
    expect(decisions.find(({ action }) => action === 'up')?.outcome).toBe(
      'It could not be made, and is taken back: AWS has no room.',
    )
    expect(decisions[0]?.reason).toMatch(
      /the last step up gave nothing, and nothing has changed since; it is tried again in/,
    )
    await world.live(3600)
    expect(world.asked).toEqual([16, 8, 16, 8])
  })

  it('is left to whoever called it off', async () => {
    const world = begin({})
    world.scale = async () => 'cancelled'
    world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(60)
    expect(world.asked).toEqual([2])
  })
})

describe('scaling by itself stands back', () => {
  it.each<[string, Partial<Standing>, RegExp]>([
    [
      'while something is to be put right',
      { problem: { code: 'drift', message: 'A bastion is gone.', data: {} } },
      /^Something is to be put right first: A bastion is gone\.$/,
    ],
    [
      'while a bastion is missing',
      { shortfall: new Map([[2, { code: 'capacity', message: 'No room.', data: {} }]]) },
      /^Bastion 2 is missing, and is to be replaced first\.$/,
    ],
  ])('%s', async (_, change, reason) => {
    const world = begin({}, change)
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(90)
    expect(world.asked).toEqual([])
    expect((await viewOf(autoscale)).decisions[0]?.reason).toMatch(reason)
  })

  it('while somebody else acts, and for the cooldown after it', async () => {
    const world = begin({})
    world.open()
    await world.live(30)
    const act: Act = { verb: 'scale', state: 'running', startedAtMs: START, endedAtMs: null, steps: [] }
    world.standing.set({ act })
    world.wanted = 1e10
    await world.live(90)
    expect(world.asked).toEqual([])
    world.standing.set({ act: { ...act, state: 'done', endedAtMs: START + 1 } })
    await world.live(110)
    expect(world.asked).toEqual([])
    await world.live(40)
    expect(world.asked).toEqual([2])
  })

  it('while keys are replaced, and begins no cooldown anew with it', async () => {
    const world = begin({})
    world.open()
    await world.live(30)
    const act: Act = { verb: 'rotate', state: 'running', startedAtMs: START, endedAtMs: null, steps: [] }
    world.standing.set({ act })
    world.wanted = 1e10
    await world.live(90)
    expect(world.asked).toEqual([])
    world.standing.set({ act: { ...act, state: 'done', endedAtMs: START + 1 } })
    await world.live(31)
    expect(world.asked).toEqual([2])
  })

  it('while tuning is measured', async () => {
    const world = begin({})
    const autoscale = world.open()
    world.busyWith = 'Tuning is being measured.'
    await world.live(30)
    world.wanted = 1e10
    await world.live(90)
    expect([world.asked, (await viewOf(autoscale)).decisions[0]?.reason]).toEqual([[], 'Tuning is being measured.'])
  })

  it('where the step cannot be done, and says so', async () => {
    const world = begin({})
    world.scale = async () => {
      throw new MoleError('conflict', 'Another act runs.')
    }
    const autoscale = world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(60)
    expect(world.asked).toEqual([2])
    expect(kinds(world.told)).toEqual(['info autoscale.up', 'warning autoscale.failed'])
    expect((await viewOf(autoscale)).decisions.find(({ action }) => action === 'up')?.outcome).toBe(
      'It was not done: Another act runs.',
    )
  })

  it('at what it may cost: no bastion is bought once the budget is used up, nor beyond aws.max_instances', async () => {
    const money = {
      usdPerHour: 1,
      usdSoFar: 10,
      parts: [],
      budgetUsd: 10,
      budgetShare: 1.04,
      atBudget: 'alert' as const,
      pricesDate: '2026-11-21',
    }
    const aws = (maxBastions: number): Plan => ({
      target: 'aws',
      tunnels: 8,
      maxTunnels: 64,
      autoscale: { enabled: true },
      aws: AwsPlan.parse({ instanceTypes: ['c6gn.large'], maxBastions, budgetUsd: 10 }),
    })
    for (const [plan, standing, reason] of [
      [aws(4), { money }, /104 % of the budget is used: no further bastion is bought \(aws\.budget_usd\)\.$/],
      [aws(1), {}, /needs 2 bastions, and at most 1 are allowed \(aws\.max_instances\)\.$/],
    ] as const) {
      const world = begin(plan, standing)
      const autoscale = world.open()
      await world.live(30)
      world.wanted = 1e10
      await world.live(60)
      expect(world.asked).toEqual([])
      expect((await viewOf(autoscale)).decisions[0]?.reason).toMatch(reason)
      autoscale.close()
    }
    const world = begin(aws(4), { money: { ...money, budgetShare: 0.8 } })
    world.open()
    await world.live(30)
    world.wanted = 1e10
    await world.live(60)
    expect(world.asked).toEqual([16])
  })
})
