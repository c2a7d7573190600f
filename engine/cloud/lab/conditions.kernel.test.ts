import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InterfaceSample } from '../../../contract/helper.ts'
import { type BastionEndpoint, bastionPort, DeploymentPlan, hostKeyName } from '../../../domain/tunnel-plan.ts'
import type { HelperClient, Whose } from '../provider.ts'
import { openLab, soon, until } from './testing/open-lab.ts'

/** What a path of the lab does to packets, and what a bastion does on request: with real tunnels. */
const lab = openLab()
const { provider, inside } = lab
const onBastion = (...command: string[]): Promise<string> => lab.onBastion(1, ...command)
const D1: Whose = { id: 'd1', plan: DeploymentPlan.parse({ tunnels: 2 }) }
const ID = 'd1-b1'
const COMMON = '10.100.254.1'

type Seen = Readonly<Record<string, InterfaceSample>>

/** Every program of the tests below is this one: nothing else speaks TCP from an address of choice everywhere. */
const PYTHON = '/usr/bin/python3'

/** Connects from `source`, says `text`, and gives all that is answered; `refused` when nobody may answer. */
const TALK = `import socket, sys
source, address, port, text, patience = sys.argv[1:]
try:
    peer = socket.create_connection((address, int(port)), float(patience), (source, 0))
except OSError:
    sys.exit(print("refused"))
peer.sendall(text.encode().decode("unicode_escape").encode())
peer.shutdown(socket.SHUT_WR)
answer = b""
while chunk := peer.recv(65536):
    answer += chunk
print(answer.decode())`
const talkFrom = (source: string, port: number, text: string, seconds = 5): string[] => [
  PYTHON,
  '-Ic',
  TALK,
  source,
  COMMON,
  String(port),
  text,
  String(seconds),
]

describe.skipIf(!existsSync(PYTHON))('a bastion of the lab', () => {
  let helper: HelperClient
  let ends: readonly BastionEndpoint[]

  const condition = (slot: number, lossRatio: number, delayMs: number) =>
    helper.call('lab.condition', { id: ID, slot, condition: { lossRatio, delayMs } })

  /** Waits for a sample that is as wished, and tells it. */
  const awaitSample = async (isAsWished: (seen: Seen) => boolean): Promise<Seen> => {
    for await (const event of helper.stream('watch', {}, { signal: soon() })) {
      if (event.kind !== 'sample' || event.interfaces.length === 0) continue
      const seen = Object.fromEntries(event.interfaces.map((each) => [each.name, each]))
      if (isAsWished(seen)) return seen
    }
    throw new Error('the stream of samples ended')
  }
  const rtt = (seen: Seen, name: string): number => seen[name]?.rttMs ?? Number.NaN

  beforeAll(async () => {
    helper = await provider.host.ensure(soon())
    ends = await lab.awaitEnds(D1, await lab.launch(helper, D1))
    await lab.apply(helper, D1, ends)
    await awaitSample((seen) => rtt(seen, 'mole1') >= 0 && rtt(seen, 'mole2') >= 0)
  })
  afterAll(lab.close)

  it('has paths that delay, lose or break off what is theirs, both ways, for as long as they are asked to', async () => {
    await condition(1, 0, 40)
    await awaitSample((seen) => rtt(seen, 'mole1') >= 80 && rtt(seen, 'mole2') < 80)
    // Another delay holds at once, on the same process.
    await condition(1, 0, 20)
    await condition(2, 0.5, 60)
    const isLossy = ({ mole2 }: Seen): boolean => (mole2?.lossRatio ?? 0) > 0.3 && (mole2?.lossRatio ?? 1) < 1
    await awaitSample((seen) => rtt(seen, 'mole1') < 80 && rtt(seen, 'mole2') >= 120 && isLossy(seen))
    expect((await helper.call('lab.fetch', { id: ID })).status).toBe(200)
    // A delayed path breaks, and loses, like any other.
    await helper.call('lab.path', { id: ID, slot: 1, state: 'broken' })
    await awaitSample((seen) => seen.mole1?.verdict === 'dead')
    await helper.call('lab.path', { id: ID, slot: 1, state: 'healthy' })
    await condition(1, 0, 0)
    await awaitSample((seen) => rtt(seen, 'mole1') < 20)
    await condition(2, 1, 0)
    await awaitSample((seen) => seen.mole2?.verdict === 'dead')
    await condition(2, 0, 0)
    await awaitSample((seen) => rtt(seen, 'mole2') < 20)
    await expect(condition(9, 0, 0)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('carries TCP to its private network, for the DTN’s own ends of its tunnels alone', async () => {
    const get = (address: string) => `mole-relay 1 ${address} 80\\nGET / HTTP/1.0\\r\\n\\r\\n`
    const heard = await inside(...talkFrom('10.100.2.1', 7009, get('10.200.0.10')))
    expect(heard).toMatch(/^ok\nHTTP\/1\.1 200 OK/)
    expect(heard).toContain('</html>')
    const outside = 'mole-relay 1 203.0.113.1 80\\n'
    expect(await inside(...talkFrom('10.100.2.1', 7009, outside))).toMatch(/^error only addresses/)
    expect(await inside(...talkFrom('10.100.255.1', 7009, get('10.200.0.10'), 0.5))).toBe('refused\n')
    const fromPrivate = ['nsenter', '--net=/run/netns/private1', '--', ...talkFrom('10.200.0.10', 7008, '', 0.5)]
    await inside('ip', '-n', 'private1', 'route', 'add', '10.100.0.0/16', 'via', '10.200.0.1')
    expect(await inside(...fromPrivate)).toBe('refused\n')
  })

  it('lets test traffic speak Multipath TCP with the resource', async (context) => {
    context.skip(!existsSync('/usr/bin/mptcpize'), 'mptcpize is not installed')
    context.skip(!existsSync('/proc/sys/net/mptcp/enabled'), 'this kernel has no Multipath TCP')
    const request = { bastionId: ID, streams: 1, durationSeconds: 1, direction: 'upload', protocol: 'mptcp' } as const
    let tool = ''
    for await (const event of helper.stream('lab.traffic', request)) if (event.kind === 'report') ({ tool } = event)
    expect(tool).toContain('1 Multipath TCP stream, by mptcpize at both ends')
    const counters = await inside('nsenter', '--net=/run/netns/private1', '--', 'cat', '/proc/net/netstat')
    // The control connection and the stream.
    expect(counterOf(counters, 'MPCapableACKRX')).toBeGreaterThanOrEqual(2)
    expect(await inside('ip', '-n', 'private1', 'mptcp', 'limits')).toMatch(/add_addr_accepted 8 subflows 8/)
  })

  /** A counter of Multipath TCP in `/proc/net/netstat`: a line of names, and below it one of values. */
  const counterOf = (netstat: string, name: string): number => {
    const [names = [], values = []] = netstat
      .split('\n')
      .filter((line) => line.startsWith('MPTcpExt:'))
      .map((line) => line.split(' '))
    return Number(values[names.indexOf(name)])
  }

  describe('makes and drops lanes on request', () => {
    const keyOfLanes = async (through: string): Promise<ReadonlyMap<number, string>> => {
      const { lanes } = await helper.call('agent.hello', { through, bastion: COMMON })
      return new Map(lanes.map(({ number, publicKey }) => [number, publicKey]))
    }
    let made: { number: number; publicKey: string; port: number }

    it('each with keys of its own, on the path of its slot', async () => {
      const first = await keyOfLanes('mole1')
      expect(first).toEqual(new Map(ends.map(({ slot, publicKey }) => [slot, publicKey])))
      const keyName = hostKeyName(D1.id, 1, 1)
      await helper.call('keys.ensure', { names: [keyName, 'd1-other'] })
      const request = { through: 'mole2', bastion: COMMON, number: 101, keyName }
      made = await helper.call('agent.make-lane', request)
      expect(made).toMatchObject({ number: 101, port: bastionPort(1, 1) })
      expect(new Set([...first.values(), made.publicKey]).size).toBe(9)
      expect(await helper.call('agent.make-lane', request)).toEqual(made)
      // For another key of the DTN, another one of its own.
      const other = await helper.call('agent.make-lane', { ...request, number: 3, keyName: 'd1-other' })
      expect([...first.values()]).not.toContain(other.publicKey)
      expect((await onBastion('wg', 'show', 'mole3', 'peers')).trim().split('\n')).toHaveLength(1)

      const second = { slot: 1, lane: 1, publicKey: made.publicKey, address: '203.0.113.10', port: made.port } as const
      await lab.apply(helper, D1, [...ends, second])
      await awaitSample((seen) => rtt(seen, 'mole101') >= 0)
      await helper.call('lab.path', { id: ID, slot: 1, state: 'broken' })
      await awaitSample((seen) => seen.mole101?.verdict === 'dead' && seen.mole1?.verdict === 'dead')
      await helper.call('lab.path', { id: ID, slot: 1, state: 'healthy' })
      await awaitSample((seen) => seen.mole101?.verdict === 'up' && seen.mole1?.verdict === 'up')
    })

    it('and goes on with those alone, also after a reboot', async () => {
      const drop = (through: string) => helper.call('agent.drop-lane', { through, bastion: COMMON, number: 1 })
      await expect(drop('mole1')).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringContaining('through this lane'),
      })
      await drop('mole101')
      await drop('mole101')
      const left = await keyOfLanes('mole101')
      expect([...left.keys()].sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 101])
      const reboot = `for lane in 2 3 4 5 6 7 8 101; do ip link del mole$lane; done; sleep 0.3
sh /boot.sh >/run/again; cat /run/again; wg show all public-key; wg show mole101 listen-port`
      const again = await onBastion('sh', '-c', reboot)
      for (const [number, key] of left) expect(again).toContain(`mole${number}\t${key}\n`)
      expect(again).not.toContain('mole1\t')
      expect(again.trim().split('\n').at(-1)).toBe(String(made.port))
      // Its console tells the keys of lanes that nobody asked for alone: an older text of it may still be shown.
      const told = [...again.matchAll(/mole-bastion-key v1 slot=(\d+)/g)].map(([, slot]) => slot)
      expect(new Set(told)).toEqual(new Set(['2', '4', '5', '6', '7', '8']))
    })
  })

  it('takes its delays away with it', async () => {
    await condition(1, 0, 5)
    const relays = async (): Promise<string> => inside('sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')
    expect(await relays()).toContain('delay-relay.py delay1 ')
    await provider.terminate(D1, [ID], () => undefined, soon())
    await until(relays, (text) => !text.includes('delay-relay.py'))
    expect(await inside('ip', '-n', 'inet', '-br', 'link')).not.toContain('delay1')
    expect(await inside('ip', '-n', 'inet', 'rule')).not.toContain('1001')
    expect(existsSync('/run/lab-delay1')).toBe(false)
  })
})
