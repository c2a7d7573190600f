import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { labLaunchOf } from '../../engine/cloud/lab/launch-request.ts'
import { loadConfig } from '../../engine/config/load.ts'
import { resolvePaths } from '../../engine/paths.ts'
import { dueSlots } from '../../engine/rotation/due.ts'
import type { DeploymentRecord } from '../../engine/store/deployment-table.ts'
import { openTargets } from '../../engine/targets.ts'
import { openFakeWorld } from '../../engine/testing/fake-world.ts'
import { openFixture } from '../../engine/testing/fixture.ts'
import { makePathHealth } from '../../helper/failover/path-health.ts'
import type { HostState } from '../host-state.ts'
import {
  type BastionEndpoint,
  bastionCount,
  bastionPort,
  type DeploymentPlan,
  planHostState,
  slotsOf,
} from '../tunnel-plan.ts'
import { CONFIG_KEYS, findKey, valuesOf } from './keys.ts'
import { mergeValues } from './merge.ts'
import { planOf } from './plan-of.ts'
import { resolveLayers } from './resolve.ts'
import { Config, type ConfigValues } from './schema.ts'
import { AUTO_OPTIMIZE_SHOWN } from './testing/auto-optimize-effect.ts'
import { AWS_SHOWN } from './testing/aws-effects.ts'
import { mptcpShown } from './testing/mptcp-effects.ts'
import { PROBING_SHOWN } from './testing/probing-effects.ts'
import { SCALING_SHOWN } from './testing/scaling-effects.ts'
import { TUNING_SHOWN } from './testing/tuning-effects.ts'

/*
 * No key pretends: for each there is a test here of what its `effect` says, or it is said to be not yet in force.
 */

const planWith = (...changes: readonly ConfigValues[]): DeploymentPlan =>
  planOf(Config.parse(changes.reduce(mergeValues, {})))

/** Public keys of nobody: 32 bytes counted up. */
const keyOf = (number: number): string => Buffer.alloc(32, number).toString('base64')
const ENDS: readonly BastionEndpoint[] = [1, 2, 3, 4, 5, 6, 7, 8].map((slot) => ({
  slot,
  lane: 0,
  publicKey: keyOf(slot),
  address: '203.0.113.10',
  port: bastionPort(slot),
}))
const hostOf = (plan: DeploymentPlan): HostState => planHostState(plan, 'd1', ENDS)
/** Connected at the beginning of time, with keys as old. */
const recordOf = (plan: DeploymentPlan): DeploymentRecord => ({
  id: 'd1',
  plan,
  profile: null,
  desired: 'up',
  bastions: [
    {
      index: 1,
      launch: 1,
      machineId: 'm1',
      hostKeys: null,
      ends: ENDS.map((end) => ({ ...end, role: 'carrying', sinceMs: 0, renewed: false })),
      spares: [],
    },
  ],
  createdAtMs: 0,
  connectedAtMs: 0,
  tuned: [],
})
const launchOf = (plan: DeploymentPlan) =>
  labLaunchOf({
    id: 'd1',
    bastionId: 'd1-b1',
    index: 1,
    launch: 1,
    plan,
    hostPublicKeys: ENDS.map(({ publicKey }) => publicKey),
  })

const refusalsOf = (values: ConfigValues): string[] =>
  resolveLayers([{ kind: 'profile', values, where: () => ({ source: 'p.yaml', place: null }) }]).problems.map(
    ({ message }) => message,
  )

/** What an engine answers that is asked to scale a deployment of `plan`. */
const scaling = async (plan: DeploymentPlan, tunnels: number): Promise<string> => {
  const fixture = await openFixture()
  try {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan })
    await panel.settled()
    const answer = panel.client.call('deployment.scale', { tunnels })
    return await answer.then(
      () => 'accepted',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    )
  } finally {
    await fixture.cleanUp()
  }
}

/** How long a tunnel that answered for a second is silent until it is found dead, in ms of its own clock. */
const diesAfterMs = (probe: HostState['probe']): number => {
  if (probe === null) return Number.POSITIVE_INFINITY
  const path = makePathHealth({ probe: () => probe, begin: 'unknown' })
  for (let nowMs = 0; ; ) {
    const { send, waitMs } = path.attend(nowMs)
    if (send !== null && nowMs < 1000) path.answered(send, nowMs)
    if (path.verdict() === 'dead') return nowMs - 1000
    nowMs += waitMs
  }
}

const range = { tunnel: { min_tunnels: 2, max_tunnels: 3 }, deployment: { tunnels: 2 } }

const SHOWN: Readonly<Record<string, () => void | Promise<void>>> = {
  ...AUTO_OPTIMIZE_SHOWN,
  ...AWS_SHOWN,
  ...PROBING_SHOWN,
  ...SCALING_SHOWN,
  ...TUNING_SHOWN,
  ...mptcpShown({ planWith, hostOf, refusalsOf }),
  'deployment.target': () => {
    const { provider } = openFakeWorld()
    const targets = openTargets([provider, { ...provider, id: 'aws' }])
    for (const target of ['lab', 'aws'] as const)
      expect(targets.cloudOf(planWith({ deployment: { target } })).provider.id).toBe(target)
    targets.release()
  },
  'deployment.tunnels': () => {
    for (const tunnels of [1, 3, 8])
      expect(hostOf(planWith({ deployment: { tunnels } })).active).toEqual(
        Array.from({ length: tunnels }, (_, index) => `mole${index + 1}`),
      )
  },
  'deployment.bastions': () => {
    expect(hostOf(planWith({ deployment: { bastions: 1 } })).active).toEqual(['mole1', 'mole2', 'mole3', 'mole4'])
    expect(slotsOf(planWith({ deployment: { bastions: 2 } }))).toEqual([1, 2, 9, 10])
    expect(bastionCount(planWith({ deployment: { bastions: 3 } }))).toBe(3)
  },
  'deployment.private_cidr': async () => {
    const plan = planWith({ deployment: { private_cidr: '172.16.5.0/24' } })
    const { routes, tunnels } = hostOf(plan)
    expect(routes).toEqual(['172.16.5.0/24'])
    for (const { peer } of tunnels) expect(peer.allowedNetworks).toContain('172.16.5.0/24')
    expect(await launchOf(plan)).toMatchObject({ privateCidr: '172.16.5.0/24' })
  },
  'tunnel.min_tunnels': async () => {
    expect(refusalsOf({ tunnel: { min_tunnels: 3 }, deployment: { tunnels: 2 } })).toHaveLength(1)
    expect(refusalsOf({ tunnel: { min_tunnels: 2 }, deployment: { tunnels: 2 } })).toEqual([])
    expect(await scaling(planWith(range), 1)).toMatch(/^bad-input: .*2 to 3/)
    expect(await scaling(planWith(range, { tunnel: { min_tunnels: 1 } }), 1)).toBe('accepted')
  },
  'tunnel.max_tunnels': async () => {
    expect(refusalsOf({ tunnel: { max_tunnels: 5 }, deployment: { tunnels: 6 } })).toHaveLength(1)
    expect(refusalsOf({ tunnel: { max_tunnels: 6 }, deployment: { tunnels: 6 } })).toEqual([])
    expect(await scaling(planWith(range), 4)).toMatch(/^bad-input: .*2 to 3/)
    expect(await scaling(planWith(range, { tunnel: { max_tunnels: 4 } }), 4)).toBe('accepted')
  },
  'tunnel.base_cidr': async () => {
    const plan = planWith({ tunnel: { base_cidr: '10.77.0.0/16' } })
    expect(hostOf(plan).tunnels.map(({ address }) => address)).toEqual(
      [1, 2, 3, 4].map((tunnel) => `10.77.${tunnel}.1/30`),
    )
    expect((await launchOf(plan)).bootScript).toContain('10.77')
  },
  'tunnel.mtu': async () => {
    const plan = planWith({ tunnel: { mtu: 1337 } })
    expect(new Set(hostOf(plan).tunnels.map(({ mtuBytes }) => mtuBytes))).toEqual(new Set([1337]))
    expect(hostOf(plan).mssClamp).toBe(true)
    expect((await launchOf(plan)).bootScript).toMatch(/^mtu=1337$/m)
  },
  'tunnel.spread': () => {
    const { spread, active } = hostOf(planWith({ tunnel: { spread: 'hash' } }))
    expect([spread, active]).toEqual(['hash', ['mole1', 'mole2', 'mole3', 'mole4']])
    expect(hostOf(planWith({ tunnel: { spread: 'round-robin' } })).spread).toBe('round-robin')
  },
  'tunnel.probe_interval': () => {
    const { probe } = hostOf(planWith({ tunnel: { probe_interval: '250ms' } }))
    expect(diesAfterMs(probe)).toBeGreaterThan(diesAfterMs({ intervalMs: 100, misses: 3 }))
    expect(probe).toEqual({ intervalMs: 250, misses: 3 })
  },
  'tunnel.probe_misses': () => {
    const { probe } = hostOf(planWith({ tunnel: { probe_misses: 7 } }))
    expect(diesAfterMs(probe)).toBeGreaterThan(diesAfterMs({ intervalMs: 100, misses: 3 }))
    expect(probe).toEqual({ intervalMs: 100, misses: 7 })
  },
  'tunnel.key_rotation': () => {
    const dueAfter = (hours: number, key_rotation: string): number =>
      dueSlots(recordOf(planWith({ tunnel: { key_rotation } })), hours * 3_600_000).length
    expect([dueAfter(5, '6h'), dueAfter(6, '6h'), dueAfter(9999, '0s')]).toEqual([0, 4, 0])
    expect(refusalsOf({ tunnel: { key_rotation: '4m' } })).toEqual([expect.stringContaining('at least 5m')])
  },
  'lab.path_rate': async () => {
    const plan = planWith({ lab: { path_rate: '55M' } })
    expect(await launchOf(plan)).toMatchObject({ pathRateBitsPerSecond: 55_000_000 })
  },
}

/** A value that a key accepts and that is not its default. */
const CHANGED: Readonly<Record<string, unknown>> = {
  'deployment.vpc': 'vpc-12345',
  'aws.profile': 'research',
  'aws.region': 'eu-west-1',
  'aws.instance_types': ['c7gn.large'],
  'aws.availability_zones': ['eu-west-1a'],
}

const changed = (fallback: unknown, path: string): unknown => {
  if (Object.hasOwn(CHANGED, path)) return CHANGED[path]
  if (typeof fallback === 'boolean') return !fallback
  if (typeof fallback === 'string') return '45s'
  return typeof fallback === 'number' ? fallback * (fallback < 1 ? 1.1 : 2) : undefined
}

const IN_FORCE = CONFIG_KEYS.filter(({ effect }) => effect !== null)
const LATER = CONFIG_KEYS.filter(({ effect }) => effect === null)

describe('a key in force', () => {
  it('has its test here, and no other key has', () => {
    expect(Object.keys(SHOWN).sort()).toEqual(IN_FORCE.map(({ path }) => path).sort())
  })

  it.each(Object.entries(SHOWN))('%s does what it says', async (path, show) => {
    expect(findKey(path)?.effect).toMatch(/\S/)
    await show()
  })
})

describe('a key that is not yet in force', () => {
  it.each(LATER)('$path is accepted, kept, and said to be without effect', async ({ path, fallback, schema }) => {
    const value = changed(fallback, path)
    expect(schema.safeParse(value)).toMatchObject({ success: true })
    expect(value).not.toEqual(fallback)
    const home = join(tmpdir(), 'mole-nobody')
    const loaded = await loadConfig({
      paths: resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home }),
      environment: {},
      flags: [{ flag: '--it', path, value }],
    })
    expect(loaded.problems).toEqual([])
    expect(loaded.notInForce).toEqual([{ path, value, origin: 'flag', where: '--it', inForce: false }])
    // The mark is true: what is made is the same.
    expect(planWith(valuesOf(path, value))).toEqual(planWith({}))
  })
})
