import type { Flavour } from '../observe/facts.ts'
import type { FeatureFacts, Range } from './ethtool.ts'
import type { TunedFeature } from './setting.ts'

/** A core this process may use. */
export type CoreFacts = {
  readonly core: number
  readonly numaNode: number | null
  /** First of the hardware threads that share it (SMT): two threads with the same one share a core. */
  readonly firstSibling: number
}

/** A network card that the tunnels leave by, or a device on top of one (bond, VLAN, bridge). */
export type DeviceFacts = {
  readonly name: string
  /** It stands on no other device: it is the card itself. */
  readonly isCard: boolean
  readonly numaNode: number | null
  readonly irqs: readonly number[]
  /** `null` where the card does not tell. */
  readonly channels: Range | null
  readonly rings: { readonly rx: Range; readonly tx: Range } | null
  readonly features: Partial<Record<TunedFeature, FeatureFacts>>
}

/** What does a tunnel's work. */
export type WorkerFacts = {
  readonly name: string
  readonly flavour: Flavour
  /** The process that serves it; `null` for kernel WireGuard, and where it was not found. */
  readonly process: { readonly pid: number; readonly startTime: string } | null
  readonly rxQueues: number
  readonly txQueues: number
}

/** What of the host can be tuned, as far as somebody wants it tuned or it was. */
export type TuningFacts = {
  readonly cores: readonly CoreFacts[]
  readonly policies: readonly { readonly policy: number; readonly governors: readonly string[] }[]
  /** Congestion controls there are, and those there is a module of. */
  readonly congestion: { readonly available: readonly string[]; readonly modules: readonly string[] }
  /** A network namespace of its own: what belongs to the whole machine cannot be changed in it. */
  readonly isOwnNamespace: boolean
  readonly hasEthtool: boolean
  readonly devices: readonly DeviceFacts[]
  readonly workers: readonly WorkerFacts[]
  /** Values of settings by `nameOf`; one that is missing is not there. */
  readonly values: Readonly<Record<string, string>>
}

/** Nobody wants anything tuned, and nothing is. */
export const UNTUNED: TuningFacts = {
  cores: [],
  policies: [],
  congestion: { available: [], modules: [] },
  isOwnNamespace: false,
  hasEthtool: false,
  devices: [],
  workers: [],
  values: {},
}
