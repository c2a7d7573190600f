import type { Direction } from './goal.ts'
import { assumed, type Sourced } from './provenance.ts'

/** What holds whatever is chosen. */
export type Conditions = {
  readonly direction: Direction
  /** MTU inside the tunnels. */
  readonly mtuBytes: number
  /** Payload one tunnel carries. */
  readonly tunnelBitsPerSecond: Sourced<number>
  /** Payload one vCPU of a bastion encrypts and forwards. */
  readonly vcpuBitsPerSecond: Sourced<number>
  /** What eight tunnels together reach, as a share of eight times one; fewer lose less, in a straight line. */
  readonly eightTunnelsShare: Sourced<number>
  /** On the wire, of the path between the DTN and AWS; `null` where nobody knows it. */
  readonly pathBitsPerSecond: Sourced<number> | null
  /** TCP connections that carry the data: one rides one tunnel. `null`: enough of them. */
  readonly streams: number | null
  /** Root disk of a bastion. */
  readonly diskGb: Sourced<number>
  readonly allowedTypes: readonly string[]
  readonly maxInstances: number
  /** Of the whole deployment, as `maxTunnels`. */
  readonly minTunnels: number
  readonly maxTunnels: number
}

/** Taken where nothing was measured. */
export const ASSUMPTIONS = {
  tunnelBitsPerSecond: assumed(
    1.5e9,
    "the specification's figure for one tunnel; nobody has published one for an MTU of 1500 across the internet",
  ),
  vcpuBitsPerSecond: assumed(1.5e9, 'one tunnel at its limit keeps one vCPU busy'),
  eightTunnelsShare: assumed(0.75, "the specification's floor for how tunnels add up"),
  diskGb: assumed(8, "the root disk of Amazon's Linux images"),
} as const satisfies Partial<Conditions>
