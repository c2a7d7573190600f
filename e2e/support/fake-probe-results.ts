import type { Analysis, Bottleneck, Recommendation, ScalingCurve } from '../../domain/probe/analysis.ts'
import type { BandwidthResult, FlowLook, TcpRun, UdpStep } from '../../domain/probe/bandwidth.ts'
import type { Fact, Figure, Source } from '../../domain/probe/figure.ts'
import type { FirewallRule } from '../../domain/probe/firewall.ts'
import { fitCurve } from '../../domain/probe/fit-curve.ts'
import type { InterfaceFacts } from '../../domain/probe/interface.ts'
import type { LatencyResult, MtuResult, RegionLatency, RoundTrips, Rung } from '../../domain/probe/path.ts'

/** Results of cardboard: a campus path of 400 Mbit/s on which every flow is held to 100. */

const MEGABIT = 1_000_000

const from = (
  how: string,
  tool = 'mole',
  version: string | null = '0.1.0',
  kind: Source['kind'] = 'measured',
): Source => ({
  kind,
  how,
  tool,
  version,
  atMs: Date.now() - 40_000,
})

const figure = <Value>(
  value: Value,
  how: string,
  tool?: string,
  version?: string | null,
  kind?: Source['kind'],
): Figure<Value> => ({
  value,
  from: from(how, tool, version, kind),
})

const fact = <Value>(value: Value, how: string, tool = 'sysfs', version: string | null = null): Fact<Value> => ({
  value,
  from: from(how, tool, version),
  lacks: null,
})

const lacking = (lacks: string, how: string, tool = 'sysfs'): Fact<never> => ({
  value: null,
  from: from(how, tool, null),
  lacks,
})

const settings = '/proc/sys/net/ipv4/'

export const fakeInterface = (): InterfaceFacts => ({
  name: 'ens1f0',
  kernel: fact('Linux 6.18.2', '/proc/sys/kernel/osrelease', 'procfs'),
  cpuModel: fact('AMD EPYC 9354P', '/proc/cpuinfo', 'procfs'),
  cores: fact(32, '/sys/devices/system/cpu/online'),
  cpuFlags: fact(['aes', 'avx', 'avx2', 'avx512f', 'sha_ni', 'vaes'], '/proc/cpuinfo', 'procfs'),
  virtualisation: fact('none', '/proc/cpuinfo, /sys/class/dmi/id'),
  wireguard: fact('wireguard-go 0.0.20230223', 'wireguard-go --version', 'wireguard-go', '0.0.20230223'),
  mptcp: fact(true, '/proc/sys/net/mptcp/enabled', 'procfs'),
  mptcpSchedulers: fact(['default'], '/proc/sys/net/mptcp/available_schedulers', 'procfs'),
  congestionControls: fact(['reno', 'cubic', 'bbr'], `${settings}tcp_available_congestion_control`, 'procfs'),
  congestionControl: fact('cubic', `${settings}tcp_congestion_control`, 'procfs'),
  tcpReceiveBufferBytes: fact(6_291_456, `${settings}tcp_rmem`, 'procfs'),
  tcpSendBufferBytes: fact(4_194_304, `${settings}tcp_wmem`, 'procfs'),
  receiveBufferBytes: fact(212_992, '/proc/sys/net/core/rmem_max', 'procfs'),
  sendBufferBytes: fact(212_992, '/proc/sys/net/core/wmem_max', 'procfs'),
  windowScaling: fact(true, `${settings}tcp_window_scaling`, 'procfs'),
  speedBitsPerSecond: fact(10_000 * MEGABIT, '/sys/class/net/ens1f0/speed'),
  duplex: fact('full', '/sys/class/net/ens1f0/duplex'),
  mtuBytes: fact(9000, '/sys/class/net/ens1f0/mtu'),
  driver: fact('ixgbe', '/sys/class/net/ens1f0/device/driver'),
  offloads: fact(['gro', 'gso', 'tso', 'tx-udp-segmentation'], 'ethtool -k ens1f0', 'ethtool', '6.1'),
  receiveQueues: fact(32, '/sys/class/net/ens1f0/queues'),
  transmitQueues: fact(32, '/sys/class/net/ens1f0/queues'),
  rssQueues: fact(16, 'ethtool -x ens1f0', 'ethtool', '6.1'),
  rpsCores: fact(0, '/sys/class/net/ens1f0/queues/rx-*/rps_cpus'),
  xpsCores: fact(32, '/sys/class/net/ens1f0/queues/tx-*/xps_cpus'),
  receiveRing: fact({ now: 512, most: 4096 }, 'ethtool -g ens1f0', 'ethtool', '6.1'),
  transmitRing: lacking('Only root may read the rings of this driver.', 'ethtool -g ens1f0', 'ethtool'),
  numaNode: fact(0, '/sys/class/net/ens1f0/device/numa_node'),
  srIovFunctions: fact(63, '/sys/class/net/ens1f0/device/sriov_totalvfs'),
})

const rung = (bytes: number, outcome: Rung['outcome'], saidBy: Rung['saidBy'] = null): Rung => ({
  bytes,
  outcome,
  saidBy,
  sent: outcome === 'passed' ? 3 : 5,
  answered: outcome === 'passed' ? 3 : 0,
})

export const fakeRungs = (): Rung[] => [
  rung(1200, 'passed'),
  rung(1500, 'passed'),
  rung(1800, 'too-big', 'path'),
  rung(9000, 'too-big', 'path'),
  ...[1518, 1536, 1554, 1572, 1590, 1608].map((bytes) => rung(bytes, 'too-big', 'path')),
  ...[1501, 1502, 1505, 1509].map((bytes) => rung(bytes, 'too-big', 'path')),
]

export const fakeMtu = (): MtuResult => ({
  by: 'udp',
  mtuBytes: figure(1500, '14 sizes of UDP echo that may not be fragmented; 1500 passed, 1501 failed 5 times'),
  innerMtuBytes: figure(1440, 'path MTU less 60 bytes of WireGuard over IPv4', 'mole', '0.1.0', 'estimated'),
  rungs: fakeRungs(),
  blackHole: false,
  saidBytes: 1500,
  limitedBy: 'path',
})

/** Larger packets than 1400 vanish without a word. */
export const fakeBlackHole = (): MtuResult => ({
  ...fakeMtu(),
  mtuBytes: figure(1400, '23 sizes of UDP echo that may not be fragmented; 1400 passed, 1401 failed 5 times'),
  innerMtuBytes: figure(1340, 'path MTU less 60 bytes of WireGuard over IPv4', 'mole', '0.1.0', 'estimated'),
  rungs: [
    rung(1200, 'passed'),
    rung(1500, 'lost'),
    rung(1800, 'too-big', 'this-host'),
    rung(9000, 'too-big', 'this-host'),
    ...[1218, 1254, 1290, 1326, 1362, 1380, 1398, 1400].map((bytes) => rung(bytes, 'passed')),
    ...[1401, 1402, 1404, 1410, 1416, 1434, 1470].map((bytes) => rung(bytes, 'lost')),
  ],
  blackHole: true,
  saidBytes: null,
})

export const tripsOf = (by: RoundTrips['by'], median: number, sent = 10): RoundTrips => {
  const how = by === 'udp' ? `${sent} UDP echoes` : `${sent} TCP connects`
  return {
    by,
    sent,
    answered: sent,
    minMs: figure(median * 0.98, how),
    medianMs: figure(median, how),
    p95Ms: figure(median * 1.09 + 0.6, how),
    jitterMs: figure(median * 0.01 + 0.12, how),
  }
}

const REGIONS: readonly (readonly [string, number])[] = [
  ['us-west-2', 31.4],
  ['us-west-1', 24.8],
  ['us-east-1', 66.1],
  ['us-east-2', 58.7],
  ['ca-central-1', 71.9],
  ['eu-west-1', 131.2],
  ['eu-central-1', 146.8],
  ['eu-north-1', 158.3],
  ['ap-northeast-1', 109.5],
  ['ap-southeast-2', 158.9],
  ['sa-east-1', 176.4],
  ['ap-south-1', 228.6],
]

const endpointOf = (region: string): string => `ec2.${region}.amazonaws.com`

export const fakeRegions = (): RegionLatency[] => [
  ...REGIONS.map(([region, median]) => ({
    region,
    endpoint: endpointOf(region),
    trips: tripsOf('tcp', median, 5),
    problem: null,
  })),
  {
    region: 'me-south-1',
    endpoint: endpointOf('me-south-1'),
    trips: null,
    problem: 'No answer within 2 s to any of 5 connects.',
  },
]

export const fakeLatency = (): LatencyResult => ({
  target: tripsOf('udp', 30.6),
  problem: null,
  regions: fakeRegions(),
})

const iperf = '3.12'

const lookOf = (bitsPerSecond: number, at: number, retransmits: number): FlowLook => ({
  local: `192.0.2.17:${41_210 + at}`,
  remote: '198.51.100.40:5201',
  bytesSent: (bitsPerSecond / 8) * 30,
  bytesRetransmitted: retransmits * 1448,
  segmentsSent: Math.round((bitsPerSecond / 8 / 1448) * 30),
  retransmits,
  maximumSegmentBytes: 1448,
  congestionWindow: 296,
  congestionControl: 'cubic',
  rttMs: 31.2,
  minRttMs: 30.5,
  deliveryBitsPerSecond: bitsPerSecond * 1.02,
  watchedMs: 30_000,
  busyMs: 30_000,
  receiverLimitedMs: 60,
  sendBufferLimitedMs: 0,
  looks: 150,
  applicationLimitedLooks: 1,
  medianRttMs: 31.1,
})

const GOODPUT = {
  upload: { 1: 93.8, 2: 187.1, 4: 366.4, 8: 379.2 },
  download: { 1: 94.1, 2: 188, 4: 361.2, 8: 374.6 },
} as const

type Streams = keyof (typeof GOODPUT)['upload']

const runOf = (direction: TcpRun['direction'], streams: Streams, share: number): TcpRun => {
  const seconds = 30
  const bitsPerSecond = GOODPUT[direction][streams] * MEGABIT * share
  return {
    direction,
    streams,
    seconds,
    goodputBitsPerSecond: figure(bitsPerSecond, `TCP, ${streams} at once, ${seconds} s, what arrived`, 'iperf3', iperf),
    intervals: Array.from({ length: seconds }, (_, at) => ({
      seconds: at + 1,
      bitsPerSecond: bitsPerSecond * (at === 0 ? 0.72 : 1 + 0.03 * Math.sin(at * 1.7 + streams)),
    })),
    retransmits: direction === 'upload' ? 1180 * streams : null,
    senderCoreRatio: 0.06 + 0.02 * streams,
    receiverCoreRatio: 0.09 + 0.03 * streams,
    flows:
      direction === 'upload'
        ? Array.from({ length: streams }, (_, at) => lookOf(bitsPerSecond / streams, at, 1180))
        : [],
    sourceFile: null,
  }
}

const stepOf = (offered: number, received: number, flows = 1): UdpStep => ({
  direction: 'upload',
  offeredBitsPerSecond: offered * MEGABIT,
  receivedBitsPerSecond: figure(
    received * MEGABIT,
    `UDP at ${offered} Mbit/s, ${flows === 1 ? 'one flow' : `${flows} flows`}, 2 s, what arrived`,
    'iperf3',
    iperf,
  ),
  lossRatio: 1 - received / offered,
  jitterMs: 0.08,
  payloadBytes: 1412,
  flows,
})

const STREAMS: readonly Streams[] = [1, 2, 4, 8]

/** @param share of what the path carries now */
const runsAt = (share: number): TcpRun[] => [
  ...STREAMS.map((streams) => runOf('upload', streams, share)),
  ...STREAMS.map((streams) => runOf('download', streams, share)),
]

/** @param share of what the path carries now: earlier it was less */
export const fakeBandwidth = (share = 1): BandwidthResult => ({
  iperf3Version: iperf,
  runs: runsAt(share),
  udp: [
    stepOf(50, 50),
    stepOf(95, 95),
    stepOf(190, 98.6),
    stepOf(379, 98.9),
    stepOf(474, 98.4),
    stepOf(379, 196.8, 2),
    stepOf(379, 371, 4),
  ],
  drops: { transmitDropped: 0, receiveDropped: 0, receiveMissed: 0 },
  busiestCoreRatio: 0.24,
})

const POLICED: Bottleneck = {
  name: 'flow-policing',
  sentence: 'Each flow is held to 99 Mbit/s on the way, whatever else the path could carry.',
  evidence: [
    'One UDP flow: 98.9 of 379 Mbit/s arrived; two: 196.8; four: 371 (iperf3)',
    'Round trip 31.1 ms under load, 30.5 ms without: no queue stands before the loss (ss)',
  ],
  confidence: 'high',
  direction: 'upload',
}

const FULL: Bottleneck = {
  name: 'path-capacity',
  sentence: 'The path back is full at 392 Mbit/s from four streams on.',
  evidence: ['8 streams carried 4 % more than 4 (iperf3)'],
  confidence: 'medium',
  direction: 'download',
}

const fitted = 'least squares over 4 runs of TCP'

const curveOf = (direction: ScalingCurve['direction']): ScalingCurve => {
  const points = STREAMS.map((streams) => ({ streams, bitsPerSecond: GOODPUT[direction][streams] * MEGABIT }))
  const fit = fitCurve(points)
  return {
    direction,
    points,
    plateauBitsPerSecond: figure(fit?.plateau ?? 0, fitted, 'mole', '0.1.0', 'estimated'),
    enoughStreams: figure(fit?.enoughStreams ?? 1, fitted, 'mole', '0.1.0', 'estimated'),
  }
}

export const fakeAnalysis = (): Analysis => ({
  bottlenecks: [POLICED, FULL],
  curves: [curveOf('upload'), curveOf('download')],
  pathBitsPerSecond: figure(395 * MEGABIT, 'goodput of 8 streams with their headers', 'mole', '0.1.0', 'estimated'),
  flowBitsPerSecond: figure(98.9 * MEGABIT, 'one UDP flow offered 379 Mbit/s', 'iperf3', iperf),
  lossRatio: figure(0.0011, 'retransmitted of all segments of 4 uploads', 'ss', '6.1'),
  cautions: [
    'iperf3 3.12 is one thread: above some gigabits it measures its own core. 3.16 and later use one a stream.',
  ],
})

/** Nothing shows what limits. */
export const UNKNOWN: Bottleneck = {
  name: 'unknown',
  sentence: 'Nothing that was measured shows what limits the upload.',
  evidence: [],
  confidence: 'low',
  direction: 'upload',
}

export const fakeRecommendation = (): Recommendation => ({
  innerMtuBytes: {
    value: 1440,
    reason: 'The path carries 1500 bytes whole, and WireGuard takes 60 of them.',
    key: 'tunnel.mtu',
  },
  tunnels: {
    value: 4,
    reason: 'Each flow is held to 99 Mbit/s: four tunnels fill the 395 Mbit/s of the path.',
    key: 'deployment.tunnels',
  },
  streams: { value: 8, reason: 'Two a tunnel keep every tunnel busy; more added less than a twentieth.', key: null },
  mptcp: {
    value: true,
    reason: 'One connection alone would stay at 99 Mbit/s; subflows over all tunnels add up.',
    key: 'mptcp.enable',
  },
  congestionControl: {
    value: 'bbr',
    reason: 'What is lost here is lost by policing, which cubic takes for a full path.',
    key: 'optimization.tcp_congestion',
  },
  bufferBytes: {
    value: 3_022_000,
    reason: 'Twice what is on the way at once: 395 Mbit/s for 30.6 ms.',
    key: 'optimization.buffer_sizes',
  },
  pinning: {
    value: false,
    reason: 'The busiest core was at 24 %: there is nothing to gain.',
    key: 'optimization.enable_process_pinning',
  },
  bastion: {
    value: { instanceType: 'c6gn.medium', bastions: 1, usdPerHour: 0.0432 },
    reason: 'The smallest whose steady 1.6 Gbit/s through the gateway are more than the path carries.',
    key: 'aws.instance_types',
  },
})

export const fakeFirewall = (): FirewallRule[] => [
  {
    purpose: 'WireGuard tunnels',
    protocol: 'UDP',
    from: '192.0.2.17/32',
    fromPorts: '51901–51904',
    to: 'the bastion’s address, known once it is up',
    toPorts: '51821–51824',
    note: 'Answers come back the same way; keep UDP state for at least 60 s.',
  },
  {
    purpose: 'Packet sizes',
    protocol: 'ICMP',
    from: 'any',
    fromPorts: '–',
    to: '192.0.2.17/32',
    toPorts: '–',
    note: 'Type 3, code 4 (fragmentation needed): without it larger packets vanish unsaid.',
  },
  {
    purpose: 'Measuring',
    protocol: 'TCP',
    from: '192.0.2.17/32',
    fromPorts: 'any',
    to: '198.51.100.40/32',
    toPorts: '5201',
    note: 'iperf3, only while a probe runs.',
  },
]
