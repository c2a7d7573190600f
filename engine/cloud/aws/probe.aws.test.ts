import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
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
const expectNothingLeft = (): Promise<void> =>
  vi.waitFor(async () => expect(isDeepStrictEqual(await world.holdings(), before)).toBe(true), {
    timeout: 30_000,
    interval: 300,
  })

describe('mole probe --aws', () => {
  it('measures towards a bastion of its own, and takes it away', async () => {
    const { code, stdout, stderr } = await world.mole(QUICK)
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' })
    const { probe: report } = z.object({ probe: ProbeReport }).parse(JSON.parse(stdout))
    expect(report).toMatchObject({ state: 'done', mtu: { state: 'done' }, latency: { state: 'done' } })
    // The lab's internet is an Ethernet.
    expect(report.mtu.result).toMatchObject({ by: 'udp', mtuBytes: { value: 1500 }, innerMtuBytes: { value: 1440 } })
    expect(report.firewall.map(({ from, to }) => `${from} ${to}`).join(' ')).toContain('198.51.100.2')
    await expectNothingLeft()
    expect(actions(0)).toEqual(expect.arrayContaining(['RunInstances', 'TerminateInstances', 'DeleteSecurityGroup']))
  })

  it('has the next engine take away what a killed one has made', async () => {
    const from = world.aws.calls.length
    const probe = world.mole(QUICK)
    await vi.waitFor(() => expect(actions(from)).toContain('RunInstances'), { timeout: 30_000, interval: 50 })
    await world.killMoles()
    await probe
    const { code } = await world.mole(['probes', '--json'])
    expect(code).toBe(0)
    await expectNothingLeft()
    expect([...world.aws.errors, ...world.hypervisor.errors]).toEqual([])
  })
})
