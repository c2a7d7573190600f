import fc from 'fast-check'
import { HostState, SYSCTL_RANGES, type SysctlName, type TunnelInterface } from '../../domain/host-state.ts'
import { interfaceName } from '../../domain/ours.ts'
import { NO_TUNING } from '../../domain/tuning.ts'
import type { Known } from '../diff.ts'

/** A key in base64 made of one byte: recognisable, and nobody's. */
export const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64')

const hash = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 100, 0)

/** Knows every key pair, no history. */
export const KNOWN: Known = {
  publicKeyOf: (name) => keyOf(100 + hash(name)),
  askedEndpointOf: () => null,
  sysctlOrigins: [],
  limitsOrigin: null,
  withdrawn: new Set(),
  tuning: { origins: [], refusalOf: () => null },
  flavour: 'userspace',
}

export const tunnel = (slot: number, changes: Partial<TunnelInterface> = {}): TunnelInterface => ({
  name: interfaceName(slot),
  address: `10.100.${slot}.1/30`,
  mtuBytes: 1420,
  listenPort: 41_820 + slot,
  keyName: `d1-t${slot}`,
  peer: {
    publicKey: keyOf(slot),
    endpoint: { address: '203.0.113.10', port: 51_820 + slot },
    allowedNetworks: [`10.100.${slot}.2/32`, '10.100.254.1/32', '10.200.0.0/24'],
    keepaliveSeconds: 25,
  },
  ...changes,
})

/** `count` tunnels that carry `10.200.0.0/24`, as a plan of the lab makes them. */
export const bundle = (count: number, changes: Partial<HostState> = {}): HostState => {
  const tunnels = Array.from({ length: count }, (_, at) => tunnel(at + 1))
  return {
    tunnels,
    routes: ['10.200.0.0/24'],
    active: tunnels.map(({ name }) => name),
    sourceAddress: '10.100.255.1',
    sysctls: [
      { name: 'net.ipv4.fib_multipath_hash_policy', value: 1 },
      { name: 'net.ipv4.conf.all.rp_filter', value: 2 },
      { name: 'net.ipv4.conf.all.arp_ignore', value: 1 },
    ],
    mssClamp: true,
    spread: 'hash',
    probe: null,
    mptcp: null,
    congestion: null,
    relay: null,
    tuning: NO_TUNING,
    ...changes,
  }
}

const anyTunnel = (slot: number): fc.Arbitrary<TunnelInterface> =>
  fc
    .record({
      host: fc.constantFrom(1, 5),
      prefix: fc.constantFrom(29, 30),
      mtuBytes: fc.constantFrom(1280, 1420, 8940),
      port: fc.constantFrom(1, 51),
      key: fc.constantFrom('a', 'b'),
      peer: fc.constantFrom(0, 50),
      endpoint: fc.constantFrom('203.0.113.10', '203.0.113.20'),
      more: fc.subarray(['10.200.0.0/24', '10.201.0.0/24', '10.100.254.1/32']),
      keepaliveSeconds: fc.constantFrom(0, 25),
    })
    .map(({ host, prefix, mtuBytes, port, key, peer, endpoint, more, keepaliveSeconds }) =>
      tunnel(slot, {
        address: `10.100.${slot}.${host}/${prefix}`,
        mtuBytes,
        listenPort: 41_000 + slot * 100 + port,
        keyName: `${key}-t${slot}`,
        peer: {
          publicKey: keyOf(slot + peer),
          endpoint: { address: endpoint, port: 51_820 + slot },
          allowedNetworks: [`10.100.${slot}.2/32`, ...more],
          keepaliveSeconds,
        },
      }),
    )

const anySysctl = (name: SysctlName): fc.Arbitrary<HostState['sysctls'][number]> => {
  const [min, max] = SYSCTL_RANGES[name]
  return fc.integer({ min, max }).map((value) => ({ name, value }))
}

const SYSCTLS = ['net.ipv4.fib_multipath_hash_policy', 'net.ipv4.conf.all.rp_filter'] as const

/** Any state a caller might ask for, over a few tunnels and networks. */
export const anyHostState: fc.Arbitrary<HostState> = fc
  .record({
    slots: fc.subarray([1, 2, 3, 4, 102]),
    routes: fc.subarray(['10.200.0.0/24', '10.201.0.0/24']),
    source: fc.constantFrom('10.100.255.1', '10.100.255.2'),
    hasSource: fc.boolean(),
    sysctls: fc.subarray([...SYSCTLS]),
    mssClamp: fc.boolean(),
    spread: fc.constantFrom('hash', 'round-robin'),
    mptcp: fc.constantFrom(null, { strategy: 'adaptive' }),
    congestion: fc.constantFrom(null, 'cubic', 'reno'),
  })
  .chain(({ slots, routes, source, hasSource, sysctls, ...rest }) =>
    fc.record({
      tunnels: fc.tuple(...slots.map(anyTunnel)),
      routes: fc.constant(routes),
      active: fc.subarray(slots.map(interfaceName)),
      sourceAddress: fc.constant(routes.length > 0 || hasSource ? source : null),
      sysctls: fc.tuple(...sysctls.map(anySysctl)),
      ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, fc.constant(value)])),
    }),
  )
  .map((state) => HostState.parse(state))
