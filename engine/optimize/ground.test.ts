import { describe, expect, it } from 'vitest'
import type { Act } from '../../contract/app.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { systemClock } from '../clock.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { NO_STANDING, type Standing } from '../deployment/view.ts'
import { openGround } from './ground.ts'

const rotation: Act = { verb: 'rotate', state: 'done', startedAtMs: 5, endedAtMs: 6, steps: [] }

/** Measures 1 Gbit/s in the lab; `meanwhile` is the act that began during it. */
const measured = (before: Act | null, meanwhile: Act | null): Promise<number> => {
  let standing: Standing = { ...NO_STANDING, act: before }
  const helper = {
    stream: async function* () {
      standing = { ...standing, act: meanwhile }
      yield { kind: 'report', bitsPerSecond: 1e9 }
    },
  } as unknown as HelperClient
  const record = {
    id: 'lab-1',
    plan: DeploymentPlan.parse({}),
    profile: null,
    desired: 'up' as const,
    bastions: [],
    createdAtMs: 0,
    connectedAtMs: 0,
    tuned: [],
  }
  const deployment = {
    record: () => record,
    carrier: async () => ({ helper, bastionId: 'lab-1-b1' }),
    tune: async () => undefined,
    settle: async () => undefined,
    scaleUnasked: async () => 'done' as const,
  }
  const store = {
    deployment: () => record,
    attempt: () => null,
    saveAttempt: () => undefined,
    forgetAttempts: () => undefined,
    probes: () => [],
    probe: () => null,
  }
  const ground = openGround({
    deployment,
    standing: { get: () => standing },
    store,
    clock: systemClock,
    busyWith: () => null,
  })
  return ground.measure({ seconds: 1 }, AbortSignal.timeout(5000))
}

describe('measuring what is tried', () => {
  it('tells goodput', async () => {
    expect(await measured(null, null)).toBe(1e9)
    expect(await measured(rotation, rotation)).toBe(1e9)
  })

  it.each([null, { ...rotation, startedAtMs: 1 }])(
    'says nothing where an act changed the host meanwhile',
    async (before) => {
      await expect(measured(before, rotation)).rejects.toMatchObject({ code: 'conflict', data: { field: 'optimize' } })
    },
  )
})
