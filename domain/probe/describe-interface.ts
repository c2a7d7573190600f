import { renderBitRate } from '../planner/figures.ts'
import { renderSize } from './describe.ts'
import type { Fact, Source } from './figure.ts'
import type { InterfaceFacts } from './interface.ts'

/** A fact for people: its value, or why there is none. */
export type FactLine = {
  readonly group: 'host' | 'interface'
  readonly name: string
  /** `null`: not known, as `lacks` says. */
  readonly value: string | null
  readonly lacks: string | null
  readonly from: Source
}

const yes = (value: boolean): string => (value ? 'yes' : 'no')
const list = (values: readonly string[]): string => (values.length === 0 ? 'none' : values.join(', '))
const ring = ({ now, most }: { now: number; most: number }): string => `${now} of ${most}`

const line = <Value>(
  group: FactLine['group'],
  name: string,
  fact: Fact<Value>,
  text: (value: Value) => string = String,
): FactLine => ({
  group,
  name,
  value: fact.value === null ? null : text(fact.value),
  lacks: fact.lacks,
  from: fact.from,
})

/** The facts of host and interface line by line, in the order in which people read them. Pure. */
export const describeInterface = (facts: InterfaceFacts): FactLine[] => [
  line('host', 'Kernel', facts.kernel),
  line('host', 'Processor', facts.cpuModel),
  line('host', 'Cores', facts.cores),
  line('host', 'Processor features', facts.cpuFlags, list),
  line('host', 'Virtualisation', facts.virtualisation),
  line('host', 'WireGuard', facts.wireguard),
  line('host', 'Multipath TCP', facts.mptcp, yes),
  line('host', 'Multipath TCP schedulers', facts.mptcpSchedulers, list),
  line('host', 'Congestion control', facts.congestionControl),
  line('host', 'Congestion controls there are', facts.congestionControls, list),
  line('host', 'TCP receive buffer, most', facts.tcpReceiveBufferBytes, renderSize),
  line('host', 'TCP send buffer, most', facts.tcpSendBufferBytes, renderSize),
  line('host', 'Receive buffer on request, most', facts.receiveBufferBytes, renderSize),
  line('host', 'Send buffer on request, most', facts.sendBufferBytes, renderSize),
  line('host', 'Window scaling', facts.windowScaling, yes),
  line('interface', 'Speed', facts.speedBitsPerSecond, renderBitRate),
  line('interface', 'Duplex', facts.duplex),
  line('interface', 'MTU', facts.mtuBytes, (bytes) => `${bytes} bytes`),
  line('interface', 'Driver', facts.driver),
  line('interface', 'Offloads that are on', facts.offloads, list),
  line('interface', 'Receive queues', facts.receiveQueues),
  line('interface', 'Transmit queues', facts.transmitQueues),
  line('interface', 'Queues that RSS spreads over', facts.rssQueues),
  line('interface', 'Cores of RPS', facts.rpsCores),
  line('interface', 'Cores of XPS', facts.xpsCores),
  line('interface', 'Receive ring', facts.receiveRing, ring),
  line('interface', 'Transmit ring', facts.transmitRing, ring),
  line('interface', 'NUMA node', facts.numaNode, (node) => (node < 0 ? 'none' : String(node))),
  line('interface', 'Virtual functions (SR-IOV), most', facts.srIovFunctions),
]
