import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../tunnel-plan.ts'
import type { Recommendation } from './analysis.ts'
import { changesFor, planWith } from './changes.ts'

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

const advice = <Value>(value: fc.Arbitrary<Value>, key: string) =>
  fc.option(
    value.map((each) => ({ value: each, reason: 'It was measured.', key: key as string | null })),
    { nil: null },
  )

const recommendation: fc.Arbitrary<Recommendation> = fc.record({
  innerMtuBytes: advice(fc.integer({ min: 1140, max: 8940 }), 'tunnel.mtu'),
  tunnels: advice(fc.integer({ min: 1, max: 8 }), 'deployment.tunnels'),
  streams: advice(fc.integer({ min: 1, max: 64 }), ''),
  mptcp: advice(fc.boolean(), 'mptcp.enable'),
  congestionControl: advice(fc.constantFrom('bbr', 'cubic', 'reno', 'vegas'), 'optimization.tcp_congestion'),
  bufferBytes: advice(
    fc.integer({ min: 1, max: 4096 }).map((mebibytes) => mebibytes * 2 ** 20),
    'optimization.buffer_sizes',
  ),
  pinning: advice(fc.boolean(), 'optimization.enable_process_pinning'),
  bastion: advice(
    fc.record({
      instanceType: fc.constantFrom('c6gn.medium', 'c6gn.large', 't4g.medium'),
      bastions: fc.integer({ min: 1, max: 8 }),
      usdPerHour: fc.constant(0.1),
    }),
    'aws.instance_types',
  ),
})

const plan: fc.Arbitrary<DeploymentPlan> = fc
  .record({
    isAws: fc.boolean(),
    range: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })),
    mtuBytes: fc.integer({ min: 1280, max: 8940 }),
    rmem: fc.option(fc.integer({ min: 4096, max: 2 ** 30 })),
  })
  .map(({ isAws, range, mtuBytes, rmem }) =>
    DeploymentPlan.parse({
      target: isAws ? 'aws' : 'lab',
      tunnels: Math.max(...range),
      minTunnels: Math.min(...range),
      maxTunnels: Math.max(...range),
      mtuBytes,
      tuning: rmem === null ? {} : { wanted: { buffers: { rmemMaxBytes: rmem, wmemMaxBytes: null } } },
      ...(isAws ? { aws: { instanceTypes: ['t4g.nano', 'c6gn.medium'] } } : {}),
    }),
  )

describe('changesFor and planWith', () => {
  it('make a plan that is one, keeps to its own limits, and leaves nothing to change', () => {
    fc.assert(
      fc.property(plan, recommendation, (before, advised) => {
        const after = planWith(before, advised)
        expect(DeploymentPlan.parse(after)).toEqual(after)
        expect(after.tunnels).toBeLessThanOrEqual(before.maxTunnels)
        expect(after.tunnels).toBeGreaterThanOrEqual(before.minTunnels)
        expect(changesFor(after, advised)).toEqual([])
        expect(planWith(after, advised)).toEqual(after)
      }),
    )
  })

  it('change a plan if, and only if, they say so', () => {
    fc.assert(
      fc.property(plan, recommendation, (before, advised) => {
        const isSame = JSON.stringify(planWith(before, advised)) === JSON.stringify(before)
        expect(changesFor(before, advised).length === 0).toBe(isSame)
      }),
    )
  })

  it('say what is now, what would be, why, and when it can be had', () => {
    const advised = {
      ...NOTHING,
      innerMtuBytes: { value: 1440, reason: 'Measured.', key: 'tunnel.mtu' },
      tunnels: { value: 2, reason: 'Measured.', key: 'deployment.tunnels' },
    }
    expect(changesFor(DeploymentPlan.parse({}), advised)).toEqual([
      {
        what: 'MTU inside the tunnels',
        key: 'tunnel.mtu',
        now: '1420 bytes',
        next: '1440 bytes',
        reason: 'Measured.',
        when: 'next-up',
      },
      { what: 'Tunnels', key: 'deployment.tunnels', now: '4', next: '2', reason: 'Measured.', when: 'live' },
    ])
  })

  it('leave alone what the advice says is enough, and a congestion control that is not known', () => {
    const enough = { ...NOTHING, bufferBytes: { value: 2 ** 20, reason: 'Enough.', key: null } }
    expect(changesFor(DeploymentPlan.parse({}), enough)).toEqual([])
    const odd = {
      ...NOTHING,
      congestionControl: { value: 'vegas', reason: 'Odd.', key: 'optimization.tcp_congestion' },
    }
    expect(changesFor(DeploymentPlan.parse({}), odd)).toEqual([])
  })
})
