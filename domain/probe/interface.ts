import { z } from 'zod'
import { fact } from './figure.ts'

const Count = z.int().min(0)

/** The interface that leads to the target, and the host behind it. Each fact says where it was read, or why it was not. */
export const InterfaceFacts = z.strictObject({
  name: z.string(),
  /** The host and kernel. */
  kernel: fact(z.string()),
  cpuModel: fact(z.string()),
  cores: fact(Count),
  /** Of `aes`, `avx`, `avx2`, `avx512f`, `sha_ni`, `vaes`: those the CPU has; on ARM `aes`, `sha2`, `asimd`, `sve`. */
  cpuFlags: fact(z.array(z.string())),
  /** Kind of virtual machine or container; "none" on bare metal. */
  virtualisation: fact(z.string()),
  /** "kernel", or "wireguard-go 0.0.20230223". */
  wireguard: fact(z.string()),
  mptcp: fact(z.boolean()),
  mptcpSchedulers: fact(z.array(z.string())),
  congestionControls: fact(z.array(z.string())),
  congestionControl: fact(z.string()),
  /** Largest buffers of a TCP socket by autotuning, and of any socket by request, bytes. */
  tcpReceiveBufferBytes: fact(Count),
  tcpSendBufferBytes: fact(Count),
  receiveBufferBytes: fact(Count),
  sendBufferBytes: fact(Count),
  windowScaling: fact(z.boolean()),
  /** The interface. */
  speedBitsPerSecond: fact(z.number()),
  duplex: fact(z.string()),
  mtuBytes: fact(Count),
  driver: fact(z.string()),
  /** `ethtool -k` names that are on: of gro, gso, tso, rx-udp-gro-forwarding, tx-udp-segmentation. */
  offloads: fact(z.array(z.string())),
  receiveQueues: fact(Count),
  transmitQueues: fact(Count),
  /** Hash of receive-side scaling spreads over this many queues. */
  rssQueues: fact(Count),
  /** Cores by mask of receive and transmit packet steering; 0: off. */
  rpsCores: fact(Count),
  xpsCores: fact(Count),
  receiveRing: fact(z.strictObject({ now: Count, most: Count })),
  transmitRing: fact(z.strictObject({ now: Count, most: Count })),
  numaNode: fact(z.int()),
  /** Virtual functions it could have; 0: no SR-IOV. */
  srIovFunctions: fact(Count),
})
export type InterfaceFacts = z.infer<typeof InterfaceFacts>
