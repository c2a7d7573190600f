import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { DeploymentRecord, PinnedEnd } from '../store/deployment-table.ts'
import { dueSlots } from './due.ts'

const DAY_MS = 86_400_000

const end = (slot: number, sinceMs: number | null, change: Partial<PinnedEnd> = {}): PinnedEnd => ({
  slot,
  lane: 0,
  publicKey: 'k',
  address: 'a',
  port: 1,
  role: 'carrying',
  sinceMs,
  renewed: false,
  ...change,
})

const recordWith = (ends: PinnedEnd[], rotationSeconds = 86_400): DeploymentRecord => ({
  id: 'lab-1',
  plan: DeploymentPlan.parse({ tunnels: 3, carriage: { rotationSeconds } }),
  profile: null,
  desired: 'up',
  bastions: [{ index: 1, launch: 1, machineId: 'm', hostKeys: null, ends, spares: [] }],
  createdAtMs: 1000,
  connectedAtMs: 1000,
  tuned: [],
})

describe('dueSlots', () => {
  it('are those whose keys are as old as the plan has them become', () => {
    const record = recordWith([end(1, 5000), end(2, 5001), end(3, null), end(4, 0)])
    expect(dueSlots(record, 5000 + DAY_MS)).toEqual([1, 3])
    expect(dueSlots(record, 1000 + DAY_MS)).toEqual([3])
    expect(dueSlots(record, 0)).toEqual([])
  })

  it('go by the end that carries', () => {
    const record = recordWith([end(1, 0, { role: 'leaving' }), end(1, DAY_MS, { lane: 1 })])
    expect(dueSlots(record, DAY_MS + 1)).toEqual([])
  })

  it('are none where keys are never replaced by themselves', () => {
    expect(dueSlots(recordWith([end(1, 0)], 0), 100 * DAY_MS)).toEqual([])
  })
})
