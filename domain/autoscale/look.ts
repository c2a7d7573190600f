/** A TCP connection over the bundle. The subflows of one Multipath TCP connection are one flow. */
export type FlowSeen = {
  /** The same at each look. */
  readonly id: string
  /** Moved since it began, both ways. */
  readonly bytes: number
  /** Of its busier direction; `null` at the first look. */
  readonly bitsPerSecond: number | null
  /** It rides every tunnel there is, by Multipath TCP or by the relay; any other rides one. */
  readonly spreads: boolean
  /** Its own ends hold it back: with more room it would be no faster. */
  readonly heldBack: boolean
}

/** One tunnel over the last second. */
export type TunnelSeen = {
  readonly slot: number
  readonly upBitsPerSecond: number
  readonly downBitsPerSecond: number
  readonly rttMs: number | null
  readonly lossRatio: number | null
  /** `silent`: no echo comes back through it; `degraded`: some do not. */
  readonly health: 'up' | 'degraded' | 'silent'
}

/** The most tunnels there may be now, and what keeps it from being more. */
export type Ceiling = { readonly tunnels: number; readonly reason: string }

/** All that a decision rests on, as it is at one moment; a look comes once a second. */
export type Look = {
  /** On a clock that is not set back. */
  readonly atMs: number
  /** Tunnels of the plan, and the bastions they are spread over. */
  readonly tunnels: number
  readonly bastions: number
  readonly fewest: number
  readonly most: Ceiling
  readonly seen: readonly TunnelSeen[]
  /** `null` where nobody looks at flows. */
  readonly flows: readonly FlowSeen[] | null
  /** How traffic is carried, in any words: when they change, what was tried before says nothing. */
  readonly carriage: string
  /** The number of tunnels is being changed, or something else is being done. */
  readonly isActing: boolean
  /** Why nothing may be changed by itself now, as a sentence; `null` when it may. */
  readonly obstacle: string | null
}
