import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../contract/define.ts'
import type { HelperContract } from '../contract/helper.ts'
import type { HostState } from '../domain/host-state.ts'
import { carryLines } from './carry-lines.ts'
import { type Bench, makeBench } from './testing/bench.ts'
import { bundle } from './testing/states.ts'

/* Connections of a real kernel, seen as they leave: nobody answers at the far end, and nobody needs to. */

/** Sends from each of so many ports, from 40000 on: to 10.200.0.10, port argv[2], argv[3] datagrams each. */
const SEND = `
const { createSocket } = require('node:dgram')
const [count, port, times] = process.argv.slice(1).map(Number)
for (let at = 0; at < count; at += 1) {
  const socket = createSocket('udp4').bind(40000 + at, async () => {
    for (let nth = 0; nth < times; nth += 1) await new Promise((resolve) => socket.send('x', port, '10.200.0.10', resolve))
    socket.close()
  })
}`

const TUNNELS = [1, 2, 3, 4].map((slot) => `mole${slot}`)

/** Counts what leaves by each tunnel; and what leaves with the mark of somebody else, set before ours would be. */
const WATCH = `
table inet watch {
${[...TUNNELS, 'theirs'].map((name) => `  counter ${name} { }`).join('\n')}
  chain before {
    type filter hook output priority -160
    udp dport 10 ct mark set 0x99
  }
  chain leaving {
    type filter hook postrouting priority 0
${TUNNELS.map((name) => `    oifname ${name} udp dport 9 counter name ${name}`).join('\n')}
    udp dport 10 ct mark 0x99 meta mark 0 counter name theirs
  }
}
`

let bench: Bench
let client: Client<HelperContract>

beforeEach(async () => {
  bench = await makeBench()
  client = await (await bench.startHelper()).connect()
  await client.call('keys.ensure', { names: [1, 2, 3, 4].map((slot) => `d1-t${slot}`) })
  await bench.world.run('nft', ['-f', '-'], WATCH)
})
afterEach(() => bench.close())

const dealt = (count: number, changes: Partial<HostState> = {}): HostState =>
  bundle(count, { spread: 'round-robin', ...changes })

const apply = async (state: HostState): Promise<void> => {
  const { generation } = await client.call('hello', {})
  await client.call('apply', { generation, state })
}

const send = (connections: number, port = 9, times = 5): Promise<string> =>
  bench.world.run(process.execPath, ['-e', SEND, String(connections), String(port), String(times)])

type Counters = { nftables: { counter?: { name: string; packets: number } }[] }

/** Packets counted since the last look, by name; what counted none is left out. */
const counted = async (): Promise<Record<string, number>> => {
  const text = await bench.world.run('nft', ['-j', 'reset', 'counters', 'table', 'inet', 'watch'])
  const counters = (JSON.parse(text) as Counters).nftables.flatMap(({ counter }) => counter ?? [])
  return Object.fromEntries(counters.flatMap(({ name, packets }) => (packets === 0 ? [] : [[name, packets]])))
}

describe('connections that are dealt out', () => {
  it('go to as many tunnels as there are connections, and stay there', async () => {
    await apply(dealt(4))
    await send(3)
    const three = await counted()
    expect(Object.values(three)).toEqual([5, 5, 5])
    await send(3)
    expect(await counted()).toEqual(three)
    await send(8)
    expect(await counted()).toEqual({ mole1: 10, mole2: 10, mole3: 10, mole4: 10 })
  })

  it('are dealt anew when there are more tunnels, and when there are fewer', async () => {
    await apply(dealt(2))
    await send(4)
    expect(await counted()).toEqual({ mole1: 10, mole2: 10 })
    await apply(dealt(4))
    await send(4)
    expect(await counted()).toEqual({ mole1: 5, mole2: 5, mole3: 5, mole4: 5 })
    await apply(dealt(4, { active: ['mole2', 'mole4'] }))
    await send(4)
    expect(await counted()).toEqual({ mole2: 10, mole4: 10 })
  })

  it('leave a tunnel that is withdrawn by the lines alone, the others staying where they are, and return', async () => {
    const state = dealt(4)
    await apply(state)
    await send(4)
    await counted()
    const [all, living] = [
      [1, 2, 3, 4],
      [1, 2, 4],
    ]
    await bench.world.run('ip', ['-batch', '-'], `${carryLines(state, all, living).join('\n')}\n`)
    await send(4)
    const counts = await counted()
    expect(Object.keys(counts)).toEqual(['mole1', 'mole2', 'mole4'])
    expect(Object.values(counts).reduce((sum, packets) => sum + packets)).toBe(20)
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(5)
    await bench.world.run('ip', ['-batch', '-'], `${carryLines(state, living, all).join('\n')}\n`)
    await send(4)
    expect(await counted()).toEqual({ mole1: 5, mole2: 5, mole3: 5, mole4: 5 })
  })

  it('are left alone when somebody else has marked them', async () => {
    await apply(dealt(4))
    await send(4, 10)
    expect(await counted()).toEqual({ theirs: 20 })
  })

  it('of another machine are dealt out as they pass through', async () => {
    const lan = [
      'unshare --net=/run/ns/lan true',
      'ip link add lan0 type veth peer name eth0 netns /run/ns/lan',
      'ip address add 192.168.7.1/24 dev lan0 && ip link set lan0 up',
      'nsenter --net=/run/ns/lan ip link set eth0 up',
      'nsenter --net=/run/ns/lan ip address add 192.168.7.2/24 dev eth0',
      'nsenter --net=/run/ns/lan ip route add default via 192.168.7.1',
      'sysctl -qw net.ipv4.ip_forward=1',
    ]
    await bench.world.run('sh', ['-ec', ['touch /run/ns/lan', ...lan].join('\n')])
    await apply(dealt(4))
    await bench.world.run('nsenter', ['--net=/run/ns/lan', process.execPath, '-e', SEND, '4', '9', '5'])
    expect(await counted()).toEqual({ mole1: 5, mole2: 5, mole3: 5, mole4: 5 })
  })
})
