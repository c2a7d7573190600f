import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Act } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { DeploymentPlan, slotsOf } from '../../domain/tunnel-plan.ts'
import { openStandingTopic, type StandingTopic } from '../deployment/standing-topic.ts'
import { NO_STANDING } from '../deployment/view.ts'
import { silentLog } from '../log.ts'
import type { DeploymentRecord, PinnedEnd } from '../store/deployment-table.ts'
import { until } from '../testing/fake-world.ts'
import { skippingClock } from '../testing/skipping-clock.ts'
import { openSchedule, type RotationSchedule } from './schedule.ts'

const HOUR_MS = 3_600_000
const clock = skippingClock()

const end = (slot: number, sinceMs: number): PinnedEnd => ({
  slot,
  lane: 0,
  publicKey: 'k',
  address: 'a',
  port: 1,
  role: 'carrying',
  sinceMs,
  renewed: false,
})

const recordSince = (sinceMs: number, plan: object = {}): DeploymentRecord => {
  const parsed = DeploymentPlan.parse({ tunnels: 2, ...plan })
  return {
    id: 'lab-1',
    plan: parsed,
    profile: null,
    desired: 'up',
    bastions: [1, 2].map((index) => ({
      index,
      launch: 1,
      machineId: 'm',
      hostKeys: null,
      ends: slotsOf(parsed)
        .filter((slot) => Math.ceil(slot / 8) === index)
        .map((slot) => end(slot, sinceMs)),
      spares: [],
    })),
    createdAtMs: sinceMs,
    connectedAtMs: sinceMs,
    tuned: [],
  }
}

let standing: StandingTopic
let schedule: RotationSchedule
let told: string[]
/** When it was asked for, in hours since the beginning, and of which tunnels. */
let asked: [number, string][]
let startMs: number
let answer: (slots: readonly number[]) => Act['state']
let isActing: boolean

const renew = (slots: readonly number[]): void => {
  const { record } = standing.get()
  if (record === null) return
  const bastions = record.bastions.map((bastion) => ({
    ...bastion,
    ends: (bastion.ends ?? []).map((each) => (slots.includes(each.slot) ? { ...each, sinceMs: clock.wallMs() } : each)),
  }))
  standing.set({ record: { ...record, bastions } })
}

const passed = (hours: number): Promise<true> => until(() => clock.wallMs() - startMs >= hours * HOUR_MS)

beforeEach(() => {
  startMs = clock.wallMs()
  standing = openStandingTopic({ ...NO_STANDING, record: recordSince(startMs) })
  told = []
  asked = []
  isActing = false
  answer = (slots) => {
    renew(slots)
    return 'done'
  }
  schedule = openSchedule({
    standing,
    clock,
    log: silentLog,
    activity: { add: (level: string, kind: string) => void told.push(`${level} ${kind}`) } as never,
    isActing: () => isActing,
    rotate: async (slots) => {
      asked.push([Math.round((clock.wallMs() - startMs) / HOUR_MS), slots.join()])
      return answer(slots)
    },
  })
})
afterEach(() => schedule.stop())

describe('the schedule of rotation', () => {
  it('has keys replaced each time they are as old as the plan says', async () => {
    schedule.start()
    schedule.start()
    await until(() => told.length === 3)
    expect(asked).toEqual([
      [24, '1,2'],
      [48, '1,2'],
      [72, '1,2'],
    ])
    expect(told).toEqual(Array.from({ length: 3 }, () => 'info tunnels.rotated'))
  })

  it('waits while another act runs, and while the deployment is not well', async () => {
    isActing = true
    schedule.start()
    await passed(30)
    isActing = false
    standing.set({ detached: true })
    await passed(40)
    expect(asked).toEqual([])
    standing.set({ detached: false })
    await until(() => told.length > 0)
    expect(asked).toEqual([[expect.toSatisfy((hours: number) => hours >= 40), '1,2']])
  })

  it('tries what failed again with growing pauses, and tells of it once', async () => {
    answer = () => 'failed'
    schedule.start()
    await passed(60)
    const count = asked.length
    expect(count).toBeGreaterThan(5)
    expect(count).toBeLessThan(20)
    expect(told).toEqual(['warning tunnels.rotation-failed'])
    answer = (slots) => {
      renew(slots)
      return 'done'
    }
    await until(() => told.length > 1)
    expect(told.at(-1)).toBe('info tunnels.rotated')
    answer = () => 'failed'
    await until(() => told.length > 2)
    expect(told.at(-1)).toBe('warning tunnels.rotation-failed')
  })

  it('is no warning where somebody called it off, or something else began first', async () => {
    const answers: (() => Act['state'])[] = [
      () => {
        throw new MoleError('conflict', 'another act is going on')
      },
      () => 'cancelled',
    ]
    answer = (slots) => {
      const next = answers.shift()
      if (next !== undefined) return next()
      renew(slots)
      return 'done'
    }
    schedule.start()
    await until(() => told.length > 0)
    expect(told).toEqual(['info tunnels.rotated'])
    expect(asked).toHaveLength(3)
  })

  it('leaves out a bastion without an agent, tells of it once, and asks it again when launched anew', async () => {
    standing.set({ record: recordSince(startMs, { tunnels: 2, bastions: 2 }) })
    answer = (slots) => {
      if (slots.includes(1)) schedule.onAgentless(1)
      renew(slots.filter((slot) => slot !== 1))
      return slots.includes(1) ? 'failed' : 'done'
    }
    schedule.start()
    await passed(100)
    expect(told.filter((text) => text.startsWith('warning'))).toEqual(['warning bastion.agentless'])
    // Once a day it is asked whether it is so still.
    expect(asked.filter(([, slots]) => slots.includes('1')).length).toBeLessThan(6)
    expect(asked.filter(([, slots]) => slots.includes('9')).length).toBeGreaterThanOrEqual(4)
    const { record } = standing.get()
    if (record === null) throw new Error('no record')
    answer = (slots) => {
      renew(slots)
      return 'done'
    }
    standing.set({ record: { ...record, bastions: record.bastions.map((each) => ({ ...each, launch: 2 })) } })
    await until(() => asked.at(-1)?.[1].includes('1') === true && told.at(-1) === 'info tunnels.rotated')
  })

  it('brings to its end what was begun, though keys are never replaced by themselves', async () => {
    const record = recordSince(startMs, { carriage: { rotationSeconds: 0 } })
    const [first, ...rest] = record.bastions
    if (first === undefined) throw new Error('no bastion')
    standing.set({ record: { ...record, bastions: [{ ...first, spares: [{ slot: 1, lane: 1 }] }, ...rest] } })
    answer = () => {
      standing.set({ record })
      return 'done'
    }
    schedule.start()
    await passed(50)
    expect(asked).toEqual([[0, '']])
    expect(told).toEqual([])
  })
})
