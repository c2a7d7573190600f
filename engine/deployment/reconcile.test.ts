import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { type Desired, isComplete, type Observed, reconcile } from './reconcile.ts'

const up: Desired = { kind: 'up', plan: DeploymentPlan.parse({}) }
const nothing: Desired = { kind: 'nothing' }

const observed: fc.Arbitrary<Observed> = fc.record({
  helper: fc.constantFrom('answers', 'absent'),
  bastion: fc.constantFrom('absent', 'booting', 'running', 'failed'),
  surplus: fc.boolean(),
  cloud: fc.boolean(),
  drift: fc.boolean(),
  endsKnown: fc.boolean(),
  hostMatches: fc.boolean(),
  onlyTuningDiffers: fc.boolean(),
  unsettled: fc.boolean(),
  residue: fc.boolean(),
})

const COMPLETE: Observed = {
  helper: 'answers',
  bastion: 'running',
  surplus: false,
  cloud: true,
  drift: false,
  endsKnown: true,
  hostMatches: true,
  onlyTuningDiffers: false,
  unsettled: false,
  residue: false,
}

describe('reconcile', () => {
  it('always ends a way up with the proof of payload, and a way down with the proof of nothing', () => {
    fc.assert(
      fc.property(observed, (world) => {
        const steps = reconcile(up, world)
        const after = steps.slice(steps.indexOf('verify') + 1)
        expect(steps).toContain('verify')
        expect(['retire-bastion', 'rotate-keys']).toEqual(expect.arrayContaining([...after]))
        expect(reconcile(nothing, world).slice(-2)).toEqual(['remove-host', 'prove-clean'])
      }),
    )
  })

  it('names no step twice', () => {
    fc.assert(
      fc.property(observed, fc.constantFrom(up, nothing), (world, desired) => {
        const steps = reconcile(desired, world)
        expect(new Set(steps).size).toBe(steps.length)
      }),
    )
  })

  it('only verifies what is complete', () => {
    expect(reconcile(up, COMPLETE)).toEqual(['verify'])
    expect(isComplete(COMPLETE)).toBe(true)
  })

  it('does every step that a missing part makes necessary', () => {
    expect(reconcile(up, { ...COMPLETE, drift: true })).toEqual(['prepare-cloud', 'verify'])
    expect(reconcile(up, { ...COMPLETE, drift: true, endsKnown: false })[0]).toBe('prepare-cloud')
    expect(reconcile(up, { ...COMPLETE, surplus: true })).toEqual(['verify', 'retire-bastion'])
    expect(reconcile(up, { ...COMPLETE, hostMatches: false })).toEqual(['apply-host', 'verify'])
    expect(reconcile(up, { ...COMPLETE, unsettled: true })).toEqual(['verify', 'rotate-keys'])
    expect(reconcile(up, { ...COMPLETE, endsKnown: false })).toEqual(['await-keys', 'apply-host', 'verify'])
    expect(reconcile(up, { ...COMPLETE, bastion: 'failed' })).toContain('launch-bastion')
    expect(reconcile(up, { ...COMPLETE, helper: 'absent' })[0]).toBe('prepare-host')
    expect(reconcile(up, { ...COMPLETE, residue: true }).slice(0, 3)).toEqual([
      'remove-host',
      'prove-clean',
      'prepare-host',
    ])
  })

  it('undoes the host only where a helper can, and terminates only what is there', () => {
    expect(reconcile(nothing, COMPLETE)).toEqual(['revert-host', 'terminate-bastion', 'remove-host', 'prove-clean'])
    expect(reconcile(nothing, { ...COMPLETE, helper: 'absent', bastion: 'absent', cloud: false })).toEqual([
      'remove-host',
      'prove-clean',
    ])
  })

  it('is complete only if nothing but tuning and verifying is left to do', () => {
    fc.assert(
      fc.property(observed, (world) => {
        const steps = reconcile(up, world)
        if (isComplete(world) && !world.residue && !world.unsettled)
          expect(steps).toEqual(world.hostMatches ? ['verify'] : ['apply-host', 'verify'])
        else expect(steps.length).toBeGreaterThan(1)
      }),
      { examples: [[{ ...COMPLETE, hostMatches: false, onlyTuningDiffers: true }]] },
    )
  })
})
