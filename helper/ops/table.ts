import type { Effect, Operation, OperationKind, OperationOf, OperationRules } from '../operation.ts'
import { addressRules } from './address.ts'
import { endpointRules } from './endpoint.ts'
import { groupRules } from './group.ts'
import { linkRules } from './link.ts'
import { mptcpLimitsRules } from './mptcp-limits.ts'
import { nexthopRules } from './nexthop.ts'
import { nftRules } from './nft.ts'
import { relayRules } from './relay.ts'
import { routeRules } from './route.ts'
import { ruleRules } from './rule.ts'
import { settingsRules } from './settings.ts'
import { strayRules } from './stray.ts'
import { sysctlRules } from './sysctl.ts'
import { tuneRules } from './tune.ts'
import { tunnelRouteRules } from './tunnel-route.ts'
import { tunnelRuleRules } from './tunnel-rule.ts'
import { wireguardRules } from './wireguard.ts'

const TABLE: { readonly [K in OperationKind]: OperationRules<OperationOf<K>> } = {
  sysctl: sysctlRules,
  nft: nftRules,
  'mptcp-limits': mptcpLimitsRules,
  link: linkRules,
  wireguard: wireguardRules,
  settings: settingsRules,
  address: addressRules,
  nexthop: nexthopRules,
  group: groupRules,
  route: routeRules,
  rule: ruleRules,
  'tunnel-rule': tunnelRuleRules,
  'tunnel-route': tunnelRouteRules,
  endpoint: endpointRules,
  relay: relayRules,
  stray: strayRules,
  tune: tuneRules,
}

const rulesOf = (operation: Operation): OperationRules<Operation> =>
  TABLE[operation.kind] as unknown as OperationRules<Operation>

/** One line for people and logs; no secret. */
export const textOf = (operation: Operation): string => rulesOf(operation).text(operation)

/** How an operation is done. */
export const effectsOf = (operation: Operation): readonly Effect[] => rulesOf(operation).effects(operation)

/** The operations that bring back what was, last change first. */
export const undoAll = (operations: readonly Operation[]): Operation[] =>
  operations.toReversed().flatMap((operation) => rulesOf(operation).undo(operation))
