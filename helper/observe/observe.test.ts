import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CLAMP_COMMENT } from '../ops/clamp.ts'
import { BARE_HOST } from '../testing/model.ts'
import { keyOf } from '../testing/states.ts'
import { publicKeyOf } from '../x25519.ts'
import { parseClamp } from './clamp.ts'
import { parseCounters } from './counters.ts'
import { readHostState } from './host-state.ts'
import { parseIpShow } from './ip-show.ts'
import { readGroup, readNexthops, readRoutes, readRules } from './routing.ts'
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
      ours,
    ].join('\n')

  it('is one list a question; a table that never was is empty', () => {
    expect(parseIpShow(lines('[')).ourRoutes).toEqual([])
    expect(parseIpShow(lines('')).ourRoutes).toEqual([])
    expect(parseIpShow(lines('[{"dst":"10.0.0.0/8","type":"6","protocol":"177"}]')).ourRoutes).toHaveLength(1)
  })

  it('is not guessed when it is cut off or changed', () => {
    expect(() => parseIpShow('')).toThrow(/could not be read/)
    expect(() => parseIpShow(lines('[{"no":"route"}]'))).toThrow(/unknown way/)
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
      strays: [{ ip: 'rule delete priority 70 protocol 177' }],
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

describe('what nft says of our table', () => {
  const chain = { family: 'inet', table: 'mole', name: 'clamp', handle: 1, type: 'filter', hook: 'forward', prio: -150 }
  const rule = (key: string, comment?: string): unknown => ({
    rule: { family: 'inet', table: 'mole', chain: 'clamp', comment, expr: [{ match: { left: { meta: { key } } } }] },
  })
  const table = (...items: unknown[]): string =>
    JSON.stringify({ nftables: [{ metainfo: { version: '1' } }, ...items] })
  const accepting = { chain: { ...chain, policy: 'accept' } }
  const both = [rule('oifname', CLAMP_COMMENT), rule('iifname', CLAMP_COMMENT)]

  it('is ours when chain, rules and comments are as we write them, and not otherwise', () => {
    expect(parseClamp(table(accepting, ...both))).toBe('ours')
    expect(parseClamp(table())).toBe('other')
    expect(parseClamp(table(accepting))).toBe('other')
    expect(parseClamp(table(accepting, both[0]))).toBe('other')
    expect(parseClamp(table(accepting, ...both, rule('oifname')))).toBe('other')
    expect(parseClamp(table({ chain: { ...chain, policy: 'drop' } }, ...both))).toBe('other')
    expect(parseClamp(table(accepting, rule('oifname', CLAMP_COMMENT), rule('iifname', 'other')))).toBe('other')
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
  const names = { keyNameOf: () => null, sysctls: [] }
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
    const routes = [{ network: '10.200.0.0/24', via: 'blackhole', source: null }] as const
    const { state, remarks } = readHostState({ ...BARE_HOST, routes }, names)
    expect(state.routes).toEqual([])
    expect(remarks).toEqual(['routes are there without a source address'])
  })
})
