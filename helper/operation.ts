import type { SysctlName } from '../domain/host-state.ts'
import type { TuningOption } from '../domain/tuning.ts'
import type {
  Flavour,
  LinkFacts,
  MptcpLimits,
  NftFacts,
  RouteFacts,
  TunnelRouteFacts,
  WireGuardFacts,
} from './observe/facts.ts'
import type { RelayConfig } from './relay/config.ts'
import type { RelayFacts } from './relay/keeper.ts'
import type { Setting } from './tuning/setting.ts'

/**
 * One change to the host. `to` is what will be, `was` what the journal brings back; `null` is "not there".
 * Plain data, so that the journal keeps it as JSON; it carries no private key.
 */
export type Operation =
  | { readonly kind: 'sysctl'; readonly name: SysctlName; readonly to: number; readonly was: number }
  | { readonly kind: 'nft'; readonly to: NftFacts | null; readonly was: NftFacts | null | 'other' }
  | { readonly kind: 'mptcp-limits'; readonly to: MptcpLimits; readonly was: MptcpLimits }
  | { readonly kind: 'link'; readonly name: string; readonly to: Flavour; readonly was: null }
  | { readonly kind: 'link'; readonly name: string; readonly to: null; readonly was: LinkFacts }
  | {
      readonly kind: 'wireguard'
      readonly name: string
      readonly flavour: Flavour
      readonly to: WireGuardFacts
      readonly was: WireGuardFacts | null
    }
  | { readonly kind: 'settings'; readonly name: string; readonly to: LinkSettings; readonly was: LinkSettings | null }
  | {
      readonly kind: 'address'
      readonly device: string
      readonly address: string
      readonly to: boolean
      readonly was: boolean
    }
  | { readonly kind: 'nexthop'; readonly slot: number; readonly to: string | null; readonly was: string | null }
  | {
      readonly kind: 'group'
      readonly to: readonly number[] | null
      readonly was: readonly number[] | null
    }
  | {
      readonly kind: 'route'
      readonly network: string
      readonly via: RouteFacts['via']
      readonly to: RouteSource | null
      readonly was: RouteSource | null
    }
  | { readonly kind: 'rule'; readonly network: string; readonly to: boolean }
  /** `from`: the tunnel's own address, or `null` for what was dealt to it. */
  | { readonly kind: 'tunnel-rule'; readonly number: number; readonly from: string | null; readonly to: boolean }
  | {
      readonly kind: 'tunnel-route'
      readonly number: number
      readonly network: string
      readonly via: TunnelRouteFacts['via']
      readonly to: RouteCongestion | null
      readonly was: RouteCongestion | null
    }
  | { readonly kind: 'endpoint'; readonly number: number; readonly to: string | null; readonly was: string | null }
  | { readonly kind: 'relay'; readonly to: RelayConfig | null; readonly was: RelayFacts }
  | { readonly kind: 'stray'; readonly text: string; readonly ip: string }
  | {
      readonly kind: 'tune'
      readonly option: TuningOption
      readonly setting: Setting
      readonly to: string
      readonly was: string
    }

export type LinkSettings = { readonly mtuBytes: number; readonly isUp: boolean }
export type RouteCongestion = { readonly congestion: string | null }
export type RouteSource = RouteCongestion & { readonly source: string | null }
export type OperationKind = Operation['kind']
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

/** What touches the system. Effects of one kind that stand next to each other are done together. */
export type Effect =
  /** One line for `ip -batch -`. */
  | { readonly by: 'ip'; readonly line: string }
  | { readonly by: 'nft'; readonly script: string }
  /** Written only if the value is still `was` (or already `value`): otherwise somebody else changed it. */
  | { readonly by: 'sysctl'; readonly name: SysctlName; readonly value: number; readonly was: number }
  /** Set only if it is still `was`. What is refused ends nothing: a bundle carries without being tuned. */
  | { readonly by: 'tune'; readonly setting: Setting; readonly value: string; readonly was: string }
  /** Starts, changes or ends the relay's process, and leads connections to it once it listens. */
  | { readonly by: 'relay'; readonly to: RelayConfig | null }
  /** Starts `wireguard-go`, which makes the interface. */
  | { readonly by: 'spawn'; readonly name: string }
  /** Waits until the process that served an interface has gone. */
  | { readonly by: 'gone'; readonly name: string }
  | {
      readonly by: 'wireguard'
      readonly name: string
      readonly flavour: Flavour
      readonly to: WireGuardFacts
      readonly was: WireGuardFacts | null
    }

/** All there is to know of one kind of operation. */
export type OperationRules<T extends Operation> = {
  /** For people and logs; no secret. */
  readonly text: (operation: T) => string
  readonly effects: (operation: T) => readonly Effect[]
  /** The operations that bring back what was, in their order. */
  readonly undo: (operation: T) => readonly Operation[]
}
