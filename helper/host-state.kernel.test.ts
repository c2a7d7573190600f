import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../contract/define.ts'
import type { HelperContract } from '../contract/helper.ts'
import type { HostState } from '../domain/host-state.ts'
import { type Bench, makeBench } from './testing/bench.ts'
import { bundle, tunnel } from './testing/states.ts'

/* The states of the golden texts, on the real kernel in a namespace of their own. */

const KEYS = [1, 2, 3, 4].map((slot) => `d1-t${slot}`)

/** Another program that sits on the port of the second tunnel. */
const HOLD_PORT = `require('node:dgram').createSocket('udp4').bind(41822, () => console.error('bound'))`

let bench: Bench
let client: Client<HelperContract>

beforeEach(async () => {
  bench = await makeBench()
  client = await (await bench.startHelper()).connect()
  await client.call('keys.ensure', { names: KEYS })
})
afterEach(() => bench.close())

const apply = async (state: HostState): Promise<string[]> => {
  const { generation } = await client.call('hello', {})
  const { operations } = await client.call('apply', { generation, state })
  return operations.map(({ text }) => text)
}

const sortedState = (state: HostState): HostState => ({
  ...state,
  tunnels: state.tunnels.map((tunnel) => ({
    ...tunnel,
    peer: { ...tunnel.peer, allowedNetworks: tunnel.peer.allowedNetworks.toSorted() },
  })),
  routes: state.routes.toSorted(),
})

const STATES: Record<string, HostState> = {
  'one tunnel': bundle(1),
  'four tunnels': bundle(4),
  'tunnels without routes': bundle(2, { routes: [], active: [], sourceAddress: null, sysctls: [], mssClamp: false }),
  'two networks': bundle(2, { routes: ['10.200.0.0/24', '10.201.0.0/24'] }),
  'no tunnel active: fail closed': bundle(2, { active: [] }),
  'dealt out, with Multipath TCP': bundle(4, {
    spread: 'round-robin',
    mptcp: { strategy: 'adaptive' },
    congestion: 'cubic',
  }),
  'dealt out, one tunnel with both lanes': bundle(0, {
    spread: 'round-robin',
    tunnels: [tunnel(1), tunnel(101, { keyName: 'd1-t2' })],
    active: ['mole101'],
  }),
  'some tunnels active': bundle(3, { active: ['mole1', 'mole3'] }),
}

describe.each(Object.entries(STATES))('%s', (_, state) => {
  it('is reached, is reached again without an operation, and reverts to the host as it was', async () => {
    const before = await bench.snapshot()
    expect((await apply(state)).length).toBeGreaterThan(0)
    expect(await apply(state)).toEqual([])

    const { state: seen, drift } = await client.call('inspect', {})
    expect(sortedState(seen)).toEqual(sortedState(state))
    expect(drift).toEqual([])
    expect(await bench.snapshot()).not.toEqual(before)

    expect((await client.call('revert', {})).drift).toEqual([])
    expect(await bench.snapshot()).toEqual(before)
    expect((await client.call('revert', {})).operations).toEqual([])
  })
})

describe('from state to state', () => {
  it('reaches each in turn, then nothing', async () => {
    const before = await bench.snapshot()
    const walk = [
      bundle(4),
      bundle(2),
      bundle(4, { sourceAddress: '10.100.254.1' }),
      bundle(4, { active: [] }),
      bundle(4, { mptcp: { strategy: 'adaptive' }, congestion: 'cubic' }),
      bundle(4),
      bundle(1),
    ]
    for (const state of walk) {
      await apply(state)
      expect(await apply(state)).toEqual([])
    }
    await client.call('revert', {})
    expect(await bench.snapshot()).toEqual(before)
  })

  it('keeps the route of tunnels that stay while others go', async () => {
    await apply(bundle(4))
    const monitor = bench.world.start('sh', ['-c', 'exec ip monitor route 1>&2'])
    let heard = ''
    monitor.stderr?.setEncoding('utf8').on('data', (text: string) => {
      heard += text
    })
    const hears = (network: string): Promise<void> =>
      vi.waitFor(async () => {
        // Each a change of its own: the kernel tells nobody of a route that is replaced by itself.
        await bench.world.run('ip', ['route', 'add', network, 'dev', 'lo'])
        await bench.world.run('ip', ['route', 'delete', network, 'dev', 'lo'])
        expect(heard).toContain(network)
      }, 5000)
    await hears('10.98.0.0/16')
    await apply(bundle(2))
    await hears('10.99.0.0/16')
    expect(heard).not.toMatch(/Deleted (blackhole )?10\.200\.0\.0\/24 .*table 7077/)
    expect(await bench.world.run('ip', ['route', 'get', '10.200.0.10'])).toMatch(/dev mole[12] .*src 10\.100\.255\.1/)
  })

  it('sends nothing elsewhere when no tunnel is active', async () => {
    await apply(bundle(2, { active: [] }))
    await expect(bench.world.run('ip', ['route', 'get', '10.200.0.10'])).rejects.toThrow(/Invalid argument|blackhole/)
  })

  it('spreads flows over every active tunnel', async () => {
    await apply(bundle(4))
    const seen = new Set<string>()
    for (let port = 40_000; port < 40_064; port += 1) {
      const flow = ['ipproto', 'tcp', 'sport', String(port), 'dport', '5201']
      const route = await bench.world.run('ip', ['route', 'get', '10.200.0.10', 'from', '10.100.255.1', ...flow])
      seen.add(/dev (mole[0-9])/.exec(route)?.[1] ?? route)
    }
    expect(seen).toEqual(new Set(['mole1', 'mole2', 'mole3', 'mole4']))
  })
})

describe('when others touch what is ours', () => {
  it('says what differs, and puts it right', async () => {
    await apply(bundle(3))
    await bench.world.run('ip', ['rule', 'delete', 'from', '10.100.2.1'])
    await bench.world.run('ip', ['link', 'set', 'dev', 'mole3', 'mtu', '1300'])
    await bench.world.run('nft', ['flush', 'ruleset'])
    const { drift } = await client.call('inspect', {})
    expect(drift.join('\n')).toMatch(/clamp[\s\S]*set mole3 up with MTU 1420[\s\S]*what comes from 10\.100\.2\.1/)
    expect(await apply(bundle(3))).toHaveLength(3)
    expect((await client.call('inspect', {})).drift).toEqual([])
  })

  it('makes a tunnel anew whose process died', async () => {
    await apply(bundle(2))
    await bench.world.run('sh', ['-c', 'kill -9 $(pgrep -f "wireguard-go mole1$")'])
    await apply(bundle(2))
    expect((await client.call('inspect', {})).drift).toEqual([])
  })

  it('does not take a roamed endpoint for drift', async () => {
    await apply(bundle(1))
    const peer = bundle(1).tunnels[0]?.peer.publicKey ?? ''
    await bench.world.run('wg', ['set', 'mole1', 'peer', peer, 'endpoint', '192.0.2.9:999'])
    const { drift, state } = await client.call('inspect', {})
    expect(drift).toEqual([])
    expect(state.tunnels[0]?.peer.endpoint).toEqual({ address: '192.0.2.9', port: 999 })
    expect(await apply(bundle(1))).toEqual([])
  })

  it('leaves a sysctl that somebody changed since, and says so', async () => {
    await apply(bundle(1))
    await bench.world.run('sysctl', ['-qw', 'net.ipv4.conf.all.rp_filter=1'])
    const { drift } = await client.call('revert', {})
    expect(drift).toEqual([expect.stringContaining('net.ipv4.conf.all.rp_filter is 1 now')])
    const values = await bench.world.run('sysctl', [
      'net.ipv4.conf.all.rp_filter',
      'net.ipv4.fib_multipath_hash_policy',
    ])
    expect(values).toBe('net.ipv4.conf.all.rp_filter = 1\nnet.ipv4.fib_multipath_hash_policy = 0\n')
  })

  it('has Multipath TCP leave an interface that was removed, and takes it back with the next', async () => {
    const before = await bench.snapshot()
    const state = bundle(3, { mptcp: { strategy: 'redundant' } })
    await bench.world.run('ip', ['mptcp', 'endpoint', 'add', '198.51.100.2', 'dev', 'wan0', 'id', '5'])
    await apply(state)
    // Which of them are a mere backup is moved at run time: no drift.
    await bench.world.run('ip', ['mptcp', 'endpoint', 'change', 'id', '93', 'backup', 'fullmesh'])
    expect(await apply(state)).toEqual([])
    await bench.world.run('ip', ['link', 'delete', 'dev', 'mole2'])
    // The helper makes it again by itself.
    await vi.waitFor(async () => {
      expect(await bench.world.run('ip', ['mptcp', 'endpoint', 'show'])).toMatch(/id 92 subflow fullmesh dev mole2/)
      expect((await client.call('inspect', {})).drift).toEqual([])
    }, 20_000)
    expect(await bench.world.run('ip', ['mptcp', 'endpoint', 'show'])).toContain('198.51.100.2 id 5 dev wan0')
    await client.call('revert', {})
    await bench.world.run('ip', ['mptcp', 'endpoint', 'delete', 'id', '5'])
    expect(await bench.snapshot()).toEqual(before)
  })

  it('removes what bears our label though no state could have made it', async () => {
    const before = await bench.snapshot()
    await bench.world.run(
      'ip',
      ['-batch', '-'],
      [
        'route add 10.77.0.0/16 via 198.51.100.1 table 7077',
        'rule add from 10.9.9.9 lookup 7077 priority 7070 protocol 177',
        'nexthop add id 42 dev wan0 protocol 177',
        '',
      ].join('\n'),
    )
    expect((await client.call('revert', {})).operations).toHaveLength(3)
    expect(await bench.snapshot()).toEqual(before)
  })

  it('touches nothing that does not bear our label', async () => {
    await bench.world.run(
      'nft',
      ['-f', '-'],
      'add table inet theirs\nadd chain inet theirs c { type filter hook input priority 0; }\n',
    )
    await bench.world.run('ip', ['nexthop', 'add', 'id', '7', 'dev', 'wan0'])
    await bench.world.run('ip', ['rule', 'add', 'from', '10.8.0.1', 'lookup', '55', 'priority', '90'])
    const before = await bench.snapshot()
    await apply(bundle(2))
    await client.call('revert', {})
    expect(await bench.snapshot()).toEqual(before)
  })
})

describe('when a step fails', () => {
  it('leaves the host as it was, and says what failed', async () => {
    const holder = bench.world.start(process.execPath, ['-e', HOLD_PORT])
    await once(holder.stderr as Readable, 'data')
    const before = await bench.snapshot()
    await expect(apply(bundle(2))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('41822'),
    })
    expect(await bench.snapshot()).toEqual(before)
    expect((await client.call('inspect', {})).drift).toEqual([])
  })

  it('refuses routes that would cut this host off, before anything is changed', async () => {
    const before = await bench.snapshot()
    const refused: [string, RegExp][] = [
      ['198.51.100.0/25', /a network this machine stands in/],
      ['198.51.0.0/16', /a network this machine stands in/],
      ['203.0.113.0/24', /the endpoint of mole1 itself/],
      ['169.254.169.0/24', /metadata/],
      ['0.0.0.0/0', /default route/],
    ]
    for (const [route, why] of refused) {
      const state = bundle(1, { routes: [route] })
      await expect(apply(state)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(why) })
    }
    await expect(apply(bundle(1, { sourceAddress: '198.51.100.9' }))).rejects.toMatchObject({
      data: { field: 'sourceAddress' },
    })
    expect(await bench.snapshot()).toEqual(before)
  })

  it('refuses a tunnel whose key pair was never made', async () => {
    await client.call('keys.forget', { names: ['d1-t1'] })
    await expect(apply(bundle(1))).rejects.toMatchObject({ code: 'bad-input', data: { field: 'tunnels.0.keyName' } })
  })
})
