import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FlowSample } from '../../../contract/helper.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { HelperClient, Whose } from '../provider.ts'
import { openLab, soon, until } from './testing/open-lab.ts'

/** The TCP relay between the lab's DTN and a bastion of the lab, over real tunnels. */
const lab = openLab()
const { provider, inside } = lab
const D1: Whose = {
  id: 'd1',
  plan: DeploymentPlan.parse({
    tunnels: 2,
    labPathRateBitsPerSecond: 50_000_000,
    carriage: { mptcp: { strategy: 'roundrobin' }, relay: true },
  }),
}
const ID = 'd1-b1'
const FAR_END = '10.100.254.1:7009'
const RESOURCE = '10.200.0.10'

const PYTHON = '/usr/bin/python3'
const isAble = existsSync(PYTHON) && existsSync('/proc/sys/net/mptcp/enabled')

/** How a connection to a port of the resource ends that nobody speaks on: what `connect` or `read` fails with. */
const KNOCK = `import socket, sys
try:
    peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
    print(len(peer.recv(1)))
except OSError as error:
    print(type(error).__name__)`

describe.skipIf(!isAble)('the TCP relay', () => {
  let helper: HelperClient
  const fetched = async (): Promise<number> => (await helper.call('lab.fetch', { id: ID })).status
  const relayPid = async (): Promise<string> => (await inside('pgrep', '-f', 'helper/relay/main.ts')).trim()
  const counter = async (name: string): Promise<number> =>
    Number(new RegExp(`${name}\\s+(\\d+)`).exec(await inside('nstat', '-asz', name))?.[1] ?? Number.NaN)

  beforeAll(async () => {
    helper = await provider.host.ensure(soon())
    await lab.apply(helper, D1, await lab.awaitEnds(D1, await lab.launch(helper, D1)))
    await until(
      () => fetched().catch(() => 0),
      (status) => status === 200,
    )
  })
  afterAll(lab.close)

  it('is not made again by a second apply', async () => {
    const { state, drift, generation } = await helper.call('inspect', {})
    expect(state.relay?.bastions).toHaveLength(1)
    expect(drift).toEqual([])
    expect((await helper.call('apply', { generation, state })).operations).toEqual([])
  })

  it('carries a connection that knows nothing of it by Multipath TCP over all tunnels', async () => {
    const before = await counter('MPTcpExtMPCapableSYNACKRX')
    expect(await fetched()).toBe(200)
    expect(await counter('MPTcpExtMPCapableSYNACKRX')).toBe(before + 1)

    const looks: FlowSample[][] = []
    const request = { bastionId: ID, streams: 1, durationSeconds: 4, direction: 'upload' } as const
    for await (const event of helper.stream('lab.traffic', request)) {
      if (event.kind === 'interval') looks.push((await helper.call('flows', {})).flows)
      if (event.kind === 'report') expect(event.bytes).toBeGreaterThan(0)
    }
    // An interval may be told after the connection has ended: the look that saw the most of it counts.
    const subflows = (flows: readonly FlowSample[]): FlowSample[] => {
      const largest = flows.find(({ remote }) => remote === FAR_END)
      return flows.filter(({ mptcpToken }) => mptcpToken !== null && mptcpToken === largest?.mptcpToken)
    }
    const [flows = []] = looks.toSorted((one, other) => subflows(other).length - subflows(one).length)
    expect(new Set(subflows(flows).map(({ tunnel }) => tunnel))).toEqual(new Set([1, 2]))
    expect(Math.min(...subflows(flows).map(({ bytesSent }) => bytesSent))).toBeGreaterThan(0)
    // The application's own end rides none.
    expect(flows.find(({ remote }) => remote.startsWith(`${RESOURCE}:52`))?.tunnel ?? null).toBeNull()
  })

  it('resets what the far side refuses, and lets nobody call on it', async () => {
    expect(await inside(PYTHON, '-Ic', KNOCK, RESOURCE, '81')).toMatch(/Connection(Reset|Refused)Error/)
    expect(await inside(PYTHON, '-Ic', KNOCK, '10.100.255.1', '7010')).toBe('ConnectionRefusedError\n')
  })

  it('has no privilege, and is started again when it dies', async () => {
    const pid = await relayPid()
    const status = await inside('cat', `/proc/${pid}/status`)
    expect(status).toMatch(/^CapEff:\s*0+$/m)
    expect(status).toMatch(/^CapBnd:\s*0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\s*1$/m)
    await inside('kill', '-KILL', pid)
    await until(
      () => relayPid().catch(() => ''),
      (now) => now !== '' && now !== pid,
    )
    await until(
      () => fetched().catch(() => 0),
      (answer) => answer === 200,
    )
  })

  it('is gone with the bundle', async () => {
    await helper.call('revert', {})
    await expect(relayPid()).rejects.toThrow()
    expect(await inside('nft', 'list', 'tables')).not.toContain('mole_relay')
  })
})
