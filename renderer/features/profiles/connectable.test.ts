import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { blockerOf } from './connectable.ts'

const profile = { name: 'lab', plan: DeploymentPlan.parse({}), problems: [] }

describe('blockerOf', () => {
  it.each([
    { phase: 'none', id: null, profile: null },
    { phase: 'failed', id: null, profile: 'other' },
    { phase: 'failed', id: 'a', profile: 'lab' },
    { phase: 'detached', id: 'a', profile: 'lab' },
  ] as const)('lets it be connected: %j', (view) => {
    expect(blockerOf(profile, view)).toBeNull()
  })

  it.each([
    [{ phase: 'connected', id: 'a', profile: 'other' }, /“other” is there/],
    [{ phase: 'connected', id: 'a', profile: null }, /Another deployment is there/],
    [{ phase: 'failed', id: 'a', profile: 'other' }, /“other” is there/],
    [{ phase: 'connected', id: 'a', profile: 'lab' }, /is connected/],
    [null, /not known yet/],
  ] as const)('does not: %j', (view, words) => {
    expect(blockerOf(profile, view)).toMatch(words)
  })

  it('names problems before anything else', () => {
    const none = { phase: 'none', id: null, profile: null } as const
    const problem = { source: 'lab.yaml', place: null, key: 'tunnel.mtuu', message: 'is no key', nextStep: null }
    expect(blockerOf({ ...profile, plan: null, problems: [problem] }, none)).toMatch(/problems/)
    expect(blockerOf({ ...profile, plan: null }, none)).toMatch(/more tunnels than one bastion/)
  })
})
