import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { DeploymentRecord, PinnedEnd } from '../store/deployment-table.ts'
import { plannedHost, tuningInForce } from './planned-host.ts'

const end = (slot: number, change: Partial<PinnedEnd> = {}): PinnedEnd => ({
  slot,
  lane: 0,
  publicKey: `key of ${slot}`,
  address: '203.0.113.10',
  port: 51_820 + slot,
  role: 'carrying',
  sinceMs: null,
  renewed: false,
  ...change,
})

const recordWith = (ends: PinnedEnd[], plan: object = {}, tuned: DeploymentRecord['tuned'] = []): DeploymentRecord => ({
  id: 'lab-1',
  plan: DeploymentPlan.parse({ tunnels: 2, ...plan }),
  profile: null,
  desired: 'up',
  bastions: [{ index: 1, launch: 1, machineId: 'm', hostKeys: null, ends, spares: [] }],
  createdAtMs: 1,
  connectedAtMs: 1,
  tuned,
})

describe('plannedHost', () => {
  it('keeps the lanes that do not carry up, and out of the route', () => {
    const ends = [end(1), end(1, { lane: 1, role: 'joining' }), end(2, { role: 'leaving' }), end(2, { lane: 1 })]
    const { tunnels, active } = plannedHost(recordWith(ends))
    expect(tunnels.map(({ name }) => name)).toEqual(['mole1', 'mole101', 'mole2', 'mole102'])
    expect(active).toEqual(['mole1', 'mole102'])
  })
})

describe('tuningInForce', () => {
  const { tuning } = DeploymentPlan.parse({ tuning: { apply: 'measured' } })
  it('is what has measured better, and what was asked for without measuring', () => {
    expect(tuningInForce(tuning, ['governor', 'nic-rings'])).toEqual(['governor'])
    expect(tuningInForce({ ...tuning, apply: 'never' }, ['governor'])).toEqual([])
    expect(tuningInForce({ ...tuning, apply: 'always' }, [])).toEqual([
      'pinning',
      'governor',
      'congestion',
      'window-scaling',
    ])
    expect(plannedHost(recordWith([end(1)], {}, ['governor'])).tuning).toMatchObject({
      governor: 'performance',
      pinning: null,
    })
  })
})
