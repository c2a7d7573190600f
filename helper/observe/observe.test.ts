import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NOTHING } from '../../domain/host-state.ts'
import { chainsOf, parseSlots, renderSlots } from '../ops/nft-chains.ts'
import { BARE_HOST } from '../testing/model.ts'
import { keyOf } from '../testing/states.ts'
import { publicKeyOf } from '../x25519.ts'
import { parseCounters } from './counters.ts'
import type { NftFacts } from './facts.ts'
import { readHostState } from './host-state.ts'
import { parseIpShow } from './ip-show.ts'
import { parseLimits, readMptcp } from './mptcp.ts'
import { parseNft } from './nft.ts'
import { readGroup, readNexthops, readRoutes, readRules, readTunnelRoutes, readTunnelRules } from './routing.ts'
import { parseSshClients } from './ssh-clients.ts'
import { parseNameservers } from './surroundings.ts'
import { parseUapiGet, parseWgDump } from './wireguard.ts'

const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')
const SECRET = Buffer.alloc(32, 9).toString('base64')

describe('what WireGuard says', () => {
  const uapi = [
    `private_key=${hex(SECRET)}`,
    'listen_port=41821',
    `public_key=${hex(keyOf(1))}`,
    'preshared_key=0000000000000000000000000000000000000000000000000000000000000000',
    'protocol_version=1',
    'endpoint=203.0.113.10:51821',
    'last_handshake_time_sec=1700000000',
    'last_handshake_time_nsec=5',
    'tx_bytes=10',
    'rx_bytes=20',
    'persistent_keepalive_interval=25',
    'allowed_ip=10.200.0.0/24',
    'allowed_ip=10.100.1.2/32',
    'errno=0',
    '',
    '',
  ].join('\n')
  const dump = [
    `mole1\t${SECRET}\t${publicKeyOf(SECRET)}\t41821\toff`,
    `mole1\t${keyOf(1)}\t(none)\t203.0.113.10:51821\t10.200.0.0/24,10.100.1.2/32\t1700000000\t20\t10\t25`,
    'mole2\t(none)\t(none)\t60153\toff',
    '',
  ].join('\n')

  it('is the same over the socket and by wg', () => {
    const read = parseUapiGet(uapi)
    expect(read).toEqual(parseWgDump(dump).get('mole1'))
    expect(read.settings).toEqual({
      publicKey: publicKeyOf(SECRET),
      listenPort: 41_821,
      peers: [
        {
          publicKey: keyOf(1),
          endpoint: '203.0.113.10:51821',
          allowedNetworks: ['10.100.1.2/32', '10.200.0.0/24'],
          keepaliveSeconds: 25,
        },
      ],
    })
    expect(read.handshakes).toEqual(new Map([[keyOf(1), 1_700_000_000]]))
  })

  it('never carries the private key on', () => {
    expect(JSON.stringify([parseUapiGet(uapi), [...parseWgDump(dump)]])).not.toContain(SECRET)
    expect(JSON.stringify(parseUapiGet(uapi))).not.toContain(hex(SECRET))
  })

  it('may be that nothing is set', () => {
    const nothing = { publicKey: null, listenPort: 0, peers: [] }
    expect(parseUapiGet('listen_port=0\nerrno=0\n\n').settings).toEqual(nothing)
    expect(parseWgDump(dump).get('mole2')?.settings).toEqual({ ...nothing, listenPort: 60_153 })
  })
})

describe('what ip says', () => {
  const lines = (ours: string): string =>
    [
      '[{"ifname":"mole1","flags":["POINTOPOINT","UP"],"mtu":1420,"linkinfo":{"info_kind":"tun"},"addr_info":[]}]',
      '[{"priority":0,"src":"all","table":"255","protocol":"2"}]',
      '[]',
      '[{"type":"1","dst":"default","gateway":"198.51.100.1","dev":"wan0","protocol":"3","flags":[]}]',
      '[]',
      ours,
    ].join('\n')

  it('is one list a question; a table that never was is empty', () => {
    expect(parseIpShow(lines('['), false).ourRoutes).toEqual([])
    expect(parseIpShow(lines(''), false).ourRoutes).toEqual([])
    expect(parseIpShow(lines('[{"dst":"10.0.0.0/8","type":"6","protocol":"177"}]'), false).ourRoutes).toHaveLength(1)
  })

  it('is not guessed when it is cut off or changed', () => {
    expect(() => parseIpShow('', false)).toThrow(/could not be read/)
    expect(() => parseIpShow(lines('[{"no":"route"}]'), false)).toThrow(/unknown way/)
  })

  it('is ours only with every label right; the rest is stray, and removed by its very values', () => {
    const ours = { dst: '10.200.0.0/24', nhid: 771_000, prefsrc: '10.100.255.1', protocol: '177', type: '1' }
    const blackhole = { dst: '10.200.0.0/24', type: '6', metric: 4096, protocol: '177' }
    const foreign = { dst: '10.9.0.1', dev: 'wan0', protocol: '4', type: '1' }
    const { ours: routes, strays } = readRoutes([ours, blackhole, foreign])
    expect(routes.map(({ via }) => via)).toEqual(['bundle', 'blackhole'])
    expect(strays.map(({ ip }) => ip)).toEqual(['route delete 10.9.0.1/32 table 7077'])

    const rule = { priority: 7077, src: 'all', dst: '10.200.0.0', dstlen: 24, table: '7077', protocol: '177' }
    const theirs = { ...rule, protocol: '4' }
    const odd = { priority: 70, src: '10.1.1.1', table: '7077', protocol: '177' }
    expect(readRules([rule, theirs, odd])).toMatchObject({
      ours: ['10.200.0.0/24'],
      strays: [{ ip: 'rule delete from 10.1.1.1/32 lookup 7077 priority 70 protocol 177' }],
    })

    const hops = [
      { id: 770_002, dev: 'mole2' },
      { id: 771_000, group: [{ id: 770_002 }, { id: 770_001 }] },
      { id: 5, dev: 'x' },
    ]
    expect(readNexthops(hops)).toMatchObject({
      ours: [{ slot: 2, device: 'mole2' }],
      strays: [{ ip: 'nexthop delete id 5' }],
    })
    expect(readGroup(hops)).toEqual([1, 2])
  })
})

describe('what ip says of single tunnels', () => {
  const mark = {
    priority: 7071,
    src: 'all',
    table: '7302',
    protocol: '177',
    fwmark: '0x6d6f0002',
    fwmask: '0xffff00ff',
  }
  const source = { priority: 7070, src: '10.100.102.1', table: '7302', protocol: '177' }

  it('is ours by mark and by source, and stray when anything else is among it', () => {
    const odd = [
      { ...mark, fwmark: '0x6d6f0003' },
      { ...mark, table: '7077' },
      { ...source, srclen: 24 },
    ]
    expect(readTunnelRules([mark, source, ...odd, { ...mark, protocol: '4' }])).toEqual([
      { number: 102, from: null },
      { number: 102, from: '10.100.102.1' },
    ])
    expect(readRules([mark, source, ...odd]).strays.map(({ ip }) => ip)).toEqual([
      'rule delete fwmark 0x6d6f0003/0xffff00ff lookup 7302 priority 7071 protocol 177',
      'rule delete fwmark 0x6d6f0002/0xffff00ff lookup 7077 priority 7071 protocol 177',
      'rule delete from 10.100.102.1/24 lookup 7302 priority 7070 protocol 177',
    ])
  })

  it('is a route through its own interface, or nowhere', () => {
    const route = { dst: '10.200.0.0/24', table: '7201', type: '1', dev: 'mole1' }
    const blackhole = { dst: '10.100.254.1', table: '7201', type: '6', metric: 4096 }
    const shown = [route, blackhole, { ...route, dev: 'mole2' }, { ...route, table: '7077' }]
    expect(readTunnelRoutes(shown)).toMatchObject({
      ours: [
        { number: 1, network: '10.200.0.0/24', via: 'tunnel' },
        { number: 1, network: '10.100.254.1/32', via: 'blackhole' },
      ],
      strays: [{ ip: 'route delete 10.200.0.0/24 table 7201' }],
    })
  })
})

describe('what ip says of Multipath TCP', () => {
  it('tells our endpoints by interface and number, and those whose interface is gone', () => {
    const shown = [
      { address: '10.100.2.1', id: 92, dev: 'mole2' },
      { address: '10.100.1.1', id: 91, dev: 'mole1' },
      { address: '192.0.2.1', id: 1, dev: 'wan0' },
      { address: '10.100.3.1', id: 93, dev: 'if17' },
      { address: '10.100.4.1', id: 3, dev: 'mole4' },
    ]
    expect(readMptcp(shown, { subflows: 2, accepted: 0 })).toMatchObject({
      endpoints: [{ number: 1 }, { number: 2, address: '10.100.2.1' }],
      loose: [3],
      others: 2,
    })
  })

  it('reads limits as old and new versions of ip write them', () => {
    const limits = { subflows: 8, accepted: 3 }
    expect(parseLimits('add_addr_accepted 3 subflows 8 ')).toEqual(limits)
    expect(parseLimits('[{"add_addr_accepted":3,"subflows":8}]')).toEqual(limits)
    expect(() => parseLimits('')).toThrow()
  })
})

describe('what nft says of our table', () => {
  type Shown = Record<string, Record<string, unknown>>

  /** As nft 1.0.6 lists chains and rules, without the statements. */
  const shown = (facts: NftFacts): Shown[] =>
    chainsOf(facts).flatMap(({ name, hook, rules }) => [
      {
        chain: {
          family: 'inet',
          name,
          ...(hook && { type: hook.type, hook: hook.name, prio: -150, policy: 'accept' }),
        },
      },
      ...rules.map(({ comment }) => ({ rule: { family: 'inet', chain: name, comment, expr: [] } })),
    ])
  const table = (items: readonly Shown[]): string =>
    JSON.stringify({ nftables: [{ metainfo: { version: '1' } }, { table: { name: 'mole' } }, ...items] })
  const deal = { slots: [1, 2, 17], networks: ['10.200.0.0/24', '10.201.0.0/24'], source: '10.100.255.1' }

  it.each<NftFacts>([
    { clamp: true, deal: null, agents: [] },
    { clamp: false, deal, agents: [] },
    { clamp: false, deal: null, agents: ['10.100.254.1', '10.100.254.2'] },
    { clamp: true, deal, agents: ['10.100.254.1'] },
  ])('is read back as it was written', (facts) => {
    expect(parseNft(table(shown(facts)))).toEqual(facts)
  })

  it('is not ours when a chain or a rule is missing, added or changed', () => {
    const facts = { clamp: true, deal, agents: ['10.100.254.1'] }
    const items = shown(facts)
    expect(parseNft(table([]))).toBe('other')
    for (const at of items.keys())
      expect(parseNft(table(items.toSpliced(at, 1))), JSON.stringify(items[at])).not.toEqual(facts)
    expect(parseNft(table([...items, { rule: { chain: 'local' } }]))).toBe('other')
    const dropping = items.map((item) =>
      item.chain === undefined ? item : { chain: { ...item.chain, policy: 'drop' } },
    )
    expect(parseNft(table(dropping))).toBe('other')
  })

  it('has any slots in a comment that nft takes', () => {
    const most = Array.from({ length: 100 }, (_, slot) => slot)
    for (const slots of [[0], [1, 2, 3, 4], [64], most]) expect(parseSlots(renderSlots(slots))).toEqual(slots)
    const comments = chainsOf({ clamp: true, deal: { ...deal, slots: most }, agents: ['10.100.254.1'] }).flatMap(
      ({ rules }) => rules,
    )
    for (const { comment } of comments) expect(comment.length).toBeLessThan(128)
  })
})

describe('what else the host says', () => {
  it('counters of our interfaces only, each in its column', () => {
    const text = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0',
      ' mole1:    1480      10    0    0    0     0          0         0     2960      20    0    0    0     0       0          0',
      'mole12:9007199254       7    0    0    0     0          0         0        8       9    0    0    0     0       0          0',
      '',
    ].join('\n')
    expect(Object.fromEntries(parseCounters(text))).toEqual({
      mole1: { rxBytes: 1480, rxPackets: 10, txBytes: 2960, txPackets: 20 },
      mole12: { rxBytes: 9_007_199_254, rxPackets: 7, txBytes: 8, txPackets: 9 },
    })
    expect(parseCounters(readFileSync('/proc/net/dev', 'utf8')).has('lo')).toBe(false)
  })

  it('name servers that are elsewhere', () => {
    const text =
      '# comment\nnameserver 127.0.0.53\nnameserver 10.0.0.2 # x\n nameserver\t192.0.2.1\nnameserver fe80::1\nsearch x\n'
    expect(parseNameservers(text)).toEqual(['10.0.0.2', '192.0.2.1'])
  })

  it('who is logged in by SSH, over IPv4 and as an IPv4 guest of IPv6', () => {
    const text = [
      '  sl  local_address rem_address   st',
      '   0: 0100007F:0016 00000000:0000 0A 00000000:00000000',
      '   1: 020200C0:0016 0A6433C6:D431 01 00000000:00000000',
      '   2: 020200C0:0050 0B6433C6:D431 01 00000000:00000000',
      '   3: 0000000000000000FFFF0000020200C0:0016 0000000000000000FFFF00000C6433C6:C001 01 0',
      '   4: 000080FE00000000000000000000000A:0016 000080FE00000000000000000000000B:C001 01 0',
    ].join('\n')
    expect(parseSshClients(text)).toEqual(['198.51.100.10', '198.51.100.12'])
  })
})

describe('the host in the terms in which it is asked for', () => {
  const names = { keyNameOf: () => null, asked: NOTHING }
  const link = {
    name: 'mole1',
    flavour: 'userspace',
    mtuBytes: 1420,
    isUp: true,
    addresses: [],
    wireguard: null,
  } as const

  it('is nothing when there is nothing', () => {
    expect(readHostState(BARE_HOST, names)).toMatchObject({ state: { tunnels: [], routes: [] }, remarks: [] })
  })

  it('leaves out what is half-made, and says so', () => {
    const { state, remarks } = readHostState({ ...BARE_HOST, links: [link], group: [1] }, names)
    expect(state).toMatchObject({ tunnels: [], active: [] })
    expect(remarks).toEqual(['mole1 is half-made'])
  })

  it('stays a state of the contract whatever is there', () => {
    const routes = [{ network: '10.200.0.0/24', via: 'blackhole', source: null, congestion: null }] as const
    const { state, remarks } = readHostState({ ...BARE_HOST, routes }, names)
    expect(state.routes).toEqual([])
    expect(remarks).toEqual(['routes are there without a source address'])
  })
})
