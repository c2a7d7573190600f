import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView } from '../../../contract/app.ts'
import { findSecrets, secretsOf } from './testing/find-secrets.ts'
import type { Holdings } from './testing/holdings.ts'
import { type AwsWorld, openAwsWorld } from './testing/open-aws-world.ts'

/*
 * The whole way, as a researcher goes it: the real command, engine, helper, SDK and boot script; moto for AWS, and
 * namespaces for what it launches. Each test goes on where the one before it ended.
 */

const RESOURCE = '10.200.0.10'
const SOURCE = '198.51.100.2/32'

let world: AwsWorld
let before: Holdings
let secrets: string[] = []

beforeAll(async () => {
  world = await openAwsWorld()
  before = await world.holdings()
})
afterEach(() => world?.aws.onCall(null))
afterAll(() => world?.dispose())

const mole = async (...argv: string[]): Promise<string> => {
  const { code, stdout, stderr } = await world.mole(argv)
  expect({ argv, code, stderr: code === 0 ? '' : `${stdout}\n${stderr}` }).toEqual({ argv, code: 0, stderr: '' })
  return stdout
}

/** Its exit code tells whether all is well; here it is read whatever it is. */
const status = async (): Promise<DeploymentView> => {
  const { stdout } = await world.mole(['status', '--json'])
  return (JSON.parse(stdout) as { deployment: DeploymentView }).deployment
}

/** Waits, as long as it takes, for the deployment to be as wanted. */
const reaches = async (isWanted: (view: DeploymentView) => boolean): Promise<DeploymentView> => {
  for (let tries = 0; tries < 240; tries += 1) {
    const view = await status()
    if (isWanted(view)) return view
    await delay(500)
  }
  throw new Error(`waited in vain; the deployment is: ${JSON.stringify(await status())}`)
}

/** Bytes each tunnel has sent so far, by its slot. */
const sentBytes = async (): Promise<Map<number, number>> => {
  const { stdout } = await world.run(['cat', '/proc/net/dev'])
  return new Map(
    [...stdout.matchAll(/^\s*mole(\d+):\s*(?:\d+\s+){8}(\d+)/gm)].map(([, slot, bytes]) => [
      Number(slot),
      Number(bytes),
    ]),
  )
}

/**
 * Sends with iperf3 to the private subnet: Mbit/s received there, and what each tunnel carried of it. On a busy machine an iperf3
 * of many streams may end well without a sum, which counts as nothing received.
 */
const send = async (streams: number): Promise<{ megabits: number; bySlot: Map<number, number> }> => {
  const from = await sentBytes()
  const argv = ['iperf3', '--client', RESOURCE, '--json', '--time', '3', '--parallel', String(streams)]
  const { code, stdout, stderr } = await world.run(argv)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const report = JSON.parse(stdout) as { end: { sum_received?: { bits_per_second: number } } }
  const bySlot = new Map([...(await sentBytes())].map(([slot, bytes]) => [slot, bytes - (from.get(slot) ?? 0)]))
  return { megabits: (report.end.sum_received?.bits_per_second ?? 0) / 1e6, bySlot }
}

/** More than echoes and acknowledgements make. */
const CARRIED_BYTES = 200_000
const carried = ({ bySlot }: { bySlot: ReadonlyMap<number, number> }): number[] =>
  [...bySlot].flatMap(([slot, bytes]) => (bytes > CARRIED_BYTES ? [slot] : [])).sort((a, b) => a - b)

const fetches = async (): Promise<boolean> => {
  const { code } = await world.run([
    'curl',
    '--silent',
    '--output',
    '/dev/null',
    '--max-time',
    '1',
    `http://${RESOURCE}/`,
  ])
  return code === 0
}

/** Instances that are not gone, by the product's tag. */
const instances = async (): Promise<string[]> => {
  const { bastions } = await status()
  return bastions.flatMap(({ machine }) => (machine === null ? [] : [machine.instanceId]))
}

describe('a deployment in AWS', () => {
  it('goes up with four tunnels, and iperf3 reaches the private subnet through all of them', async () => {
    await mole('up', '--vpc', world.network.vpcId, '--tunnels', '4', '--source-cidr', SOURCE, '--yes')
    const view = await status()
    expect(view).toMatchObject({ phase: 'connected', problem: null, drift: [] })
    expect(view.bastions).toHaveLength(1)
    expect(view.plan?.privateCidr).toBe(world.network.vpcCidr)
    expect(view.tunnels.map(({ slot, health }) => [slot, health])).toEqual([1, 2, 3, 4].map((slot) => [slot, 'up']))
    const sent = await send(32)
    expect(carried(sent)).toEqual([1, 2, 3, 4])
    expect(sent.megabits).toBeGreaterThan(50)
  })

  it('tells what it costs, and what the cloud holds', async () => {
    const { money, resources } = await status()
    expect(money?.usdPerHour).toBeGreaterThan(0)
    expect(resources.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['instance', 'security group']))
  })

  it('scales to eight tunnels without asking the cloud for a machine', async () => {
    const calls = world.aws.calls.length
    await mole('scale', '--tunnels', '8', '--yes')
    expect(world.aws.calls.slice(calls).filter(({ action }) => action === 'RunInstances')).toEqual([])
    expect(carried(await send(100))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('adds a second instance, in another zone', async () => {
    await mole('scale', '--bastions', '2', '--yes')
    const { bastions, tunnels } = await status()
    expect(new Set(bastions.map(({ machine }) => machine?.zone)).size).toBe(2)
    expect(tunnels.map(({ slot }) => slot)).toEqual([1, 2, 3, 4, 9, 10, 11, 12])
    expect(carried(await send(100))).toEqual([1, 2, 3, 4, 9, 10, 11, 12])
  })

  it('goes on carrying traffic when an instance dies, and replaces it', async () => {
    const [first = '', second = ''] = await instances()
    // The replacement is held back until traffic was seen to go on without it.
    const { promise: mayLaunch, resolve: letLaunch } = Promise.withResolvers<void>()
    let isAskedFor = false
    world.aws.onCall(async ({ action }, moment) => {
      if (action !== 'RunInstances' || moment !== 'before') return 'go on'
      isAskedFor = true
      await mayLaunch
      return 'go on'
    })
    await world.hypervisor.kill(second)
    for (let tries = 0; !isAskedFor && tries < 200; tries += 1) await delay(250)
    expect(isAskedFor).toBe(true)
    const served = [await fetches(), await fetches(), await fetches(), await fetches(), await fetches()]
    letLaunch()
    expect(served).toEqual([true, true, true, true, true])
    const view = await reaches(({ phase, act }) => phase === 'connected' && act?.state === 'done')
    const now = view.bastions.map(({ machine }) => machine?.instanceId)
    expect(now[0]).toBe(first)
    expect(now[1]).not.toBe(second)
    expect(carried(await send(100))).toEqual([1, 2, 3, 4, 9, 10, 11, 12])
  })

  it('goes down, proves it, and leaves AWS and this host as they were', async () => {
    secrets = secretsOf(world)
    // The canaries, and a key for each slot of two bastions.
    expect(secrets.length).toBe(world.canaries.length + 16)
    expect(await findSecrets(world, secrets)).toEqual([])
    await mole('down', '--yes')
    expect(await world.holdings()).toEqual(before)
    expect(await sentBytes()).toEqual(new Map())
  })

  it('has given away no secret: not to AWS, not to a file, not on a command line', async () => {
    expect(await findSecrets(world, secrets)).toEqual([])
  })
})
