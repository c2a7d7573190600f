import { z } from 'zod'

/** How a connection finds its tunnel: by the kernel's hash of its ports, or one tunnel after the other. */
export const Spread = z.enum(['hash', 'round-robin'])
export type Spread = z.infer<typeof Spread>

/** How the subflows of a Multipath TCP connection are used (RFC 8684). */
export const MptcpStrategy = z.enum(['roundrobin', 'redundant', 'adaptive'])
export type MptcpStrategy = z.infer<typeof MptcpStrategy>

/**
 * Schedulers that send everything over more than one subflow, by the names they go by where a kernel has got one: none comes with
 * it, they are loaded as BPF programs (kernel `tools/testing/selftests/bpf/progs/mptcp_bpf_*`, `multipath-tcp/mptcp_net-next`).
 */
export const REDUNDANT_SCHEDULERS: readonly string[] = ['bpf_red', 'redundant']

/** Congestion controls a connection over the tunnels may be given (`tcp(7)`). */
export const CongestionControl = z.enum(['cubic', 'bbr', 'reno'])
export type CongestionControl = z.infer<typeof CongestionControl>

/** How the helper finds out that a tunnel is dead. */
export const Probe = z.strictObject({
  intervalMs: z.int().min(50).max(10_000).default(100),
  /** A tunnel is dead after this many intervals in which nothing came back. */
  misses: z.int().min(2).max(20).default(3),
})
export type Probe = z.infer<typeof Probe>

/** How traffic is carried over the tunnels, and the tunnels kept fit for it. */
export const Carriage = z.strictObject({
  spread: Spread.default('round-robin'),
  probe: Probe.prefault({}),
  /** Multipath TCP endpoints on every tunnel; `null`: none. */
  mptcp: z.strictObject({ strategy: MptcpStrategy }).nullable().default(null),
  /**
   * Congestion control of connections to the private networks while Multipath TCP is on; `host`: whatever this machine uses.
   * BBR takes the bursts that the scheduler sends on a subflow for its bandwidth: one connection over eight paths carried half
   * of what it did with CUBIC (docs/decisions/012).
   */
  congestion: z.enum([...CongestionControl.options, 'host']).default('cubic'),
  /** Ordinary TCP connections to the private networks are carried by Multipath TCP between DTN and bastion. */
  relay: z.boolean().default(false),
  /** Seconds after which a tunnel gets new keys; 0: never by itself. */
  rotationSeconds: z
    .int()
    .min(0)
    .max(365 * 86_400)
    .default(86_400),
})
export type Carriage = z.infer<typeof Carriage>
