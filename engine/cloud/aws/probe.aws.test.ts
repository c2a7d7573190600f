import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { ProbeReport } from '../../../domain/probe/report.ts'
import type { Holdings } from './testing/holdings.ts'
import { REGION } from './testing/moto.ts'
import { type AwsWorld, openAwsWorld } from './testing/open-aws-world.ts'

/* A probe of AWS from end to end: the bastion boots from its user data, and is really measured towards. */

let world: AwsWorld
let before: Holdings

beforeAll(async () => {
  world = await openAwsWorld()
  before = await world.holdings()
})
afterAll(() => world?.dispose())

const PROBE = [
  'probe',
  '--aws',
  '--region',
  REGION,
  '--source-cidr',
  '198.51.100.2/32',
  '--instance-type',
  'c6gn.medium',
]
const QUICK = [...PROBE, '--quick', '--regions', 'none', '--yes', '--json']

const actions = (from: number): string[] => world.aws.calls.slice(from).map(({ action }) => action)
it('is measured towards, and taken away; also what a killed engine has made', async () => {
  const killed = world.mole(QUICK)
  await vi.waitFor(() => expect(actions(0)).toContain('RunInstances'), { timeout: 30_000, interval: 50 })
  await world.killMoles()
  await killed

  // Its engine is another one.
  const from = world.aws.calls.length
  const { code, stdout, stderr } = await world.mole(QUICK)
  expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' })
  const { probe: report } = z.object({ probe: ProbeReport }).parse(JSON.parse(stdout))
  expect(report).toMatchObject({ state: 'done', mtu: { state: 'done' }, latency: { state: 'done' } })
  // The lab's internet is an Ethernet.
  expect(report.mtu.result).toMatchObject({ by: 'udp', mtuBytes: { value: 1500 }, innerMtuBytes: { value: 1440 } })
  expect(report.firewall.map(({ from: host }) => host)).toContain('198.51.100.2')

  await vi.waitFor(async () => expect(isDeepStrictEqual(await world.holdings(), before)).toBe(true), {
    timeout: 30_000,
    interval: 300,
  })
  const ended = actions(from).filter((action) => /^(Terminate|Delete)/.test(action))
  expect(new Set(ended)).toEqual(new Set(['TerminateInstances', 'DeleteSecurityGroup']))
  expect([...world.aws.errors, ...world.hypervisor.errors]).toEqual([])
})
