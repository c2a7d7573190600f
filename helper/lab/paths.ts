import { MAX_TUNNELS_PER_BASTION } from '../../domain/tunnel-plan.ts'
import type { BastionRecord } from './record.ts'
import { type BastionPlace, ROUTER_TO_DTN } from './topology.ts'

/**
 * The shaped "internet" path of each tunnel, both lanes of it: on both of the router's interfaces one HTB class per slot, chosen by the
 * skb priority that nft sets from the tunnel's UDP port (`tc-htb(8)`: a priority that names a class selects it), so
 * that no tc filter is needed.
 */

type PathPlan = Pick<BastionRecord, 'index' | 'firstSlot' | 'slots' | 'firstPort' | 'pathRateBitsPerSecond'>

const slotsOf = ({ firstSlot, slots }: PathPlan): number[] => Array.from({ length: slots }, (_, at) => firstSlot + at)

/** Minor number of a slot's class, unique among all bastions: they share the interface towards the DTN. */
const classMinor = ({ index, firstSlot }: PathPlan, slot: number): string =>
  (index * 64 + slot - firstSlot + 1).toString(16)

/** The bastion's UDP ports of a slot's lanes (`bastionPort` of domain/tunnel-plan.ts): they share its path. */
export const portsOf = ({ firstPort, firstSlot }: PathPlan, slot: number): [number, number] => [
  firstPort + slot - firstSlot,
  firstPort + slot - firstSlot + MAX_TUNNELS_PER_BASTION,
]

/** Queue of a path: 20 ms at its rate, at least two of the 64 KiB packets that segmentation offload makes. */
const queueBytes = (rateBitsPerSecond: number): number =>
  Math.min(4 * 1024 * 1024, Math.max(128 * 1024, Math.ceil(((rateBitsPerSecond / 8) * 0.02) / 1024) * 1024))

const batch = (lines: readonly string[]): string => `${lines.join('\n')}\n`

/** `tc -batch` for the router's interface towards the DTN, once. */
export const renderRouterQueue = (): string => batch([`qdisc add dev ${ROUTER_TO_DTN} root handle 1: htb`])

/** `tc -batch` for one bastion's paths, both ways. */
export const renderPathQueues = (plan: PathPlan, place: BastionPlace): string => {
  const classes = (device: string): string[] =>
    slotsOf(plan).flatMap((slot) => {
      const id = classMinor(plan, slot)
      const rate = `${plan.pathRateBitsPerSecond}bit`
      return [
        `class add dev ${device} parent 1: classid 1:${id} htb rate ${rate} ceil ${rate} quantum 60000 burst 128k cburst 128k`,
        `qdisc add dev ${device} parent 1:${id} bfifo limit ${queueBytes(plan.pathRateBitsPerSecond)}`,
      ]
    })
  const device = place.routerInterface
  return batch([`qdisc add dev ${device} root handle 1: htb`, ...classes(device), ...classes(ROUTER_TO_DTN)])
}

/** `tc -batch -force`: takes a bastion's classes off the shared interface (its own interface goes as a whole). */
export const renderPathQueueRemoval = (plan: PathPlan): string =>
  batch(
    slotsOf(plan).flatMap((slot) => [
      `qdisc del dev ${ROUTER_TO_DTN} parent 1:${classMinor(plan, slot)}`,
      `class del dev ${ROUTER_TO_DTN} classid 1:${classMinor(plan, slot)}`,
    ]),
  )

/** `nft -f` for one bastion: which port takes which class, and which paths are broken, lose packets or delay them. */
export const renderPathRules = (plan: PathPlan, place: BastionPlace): string => {
  const elements = slotsOf(plan).flatMap((slot) =>
    portsOf(plan, slot).map((port) => `${port} : 1:${classMinor(plan, slot)}`),
  )
  const { routerInterface, publicAddress } = place
  const down = `oifname "${routerInterface}"`
  const up = `oifname "${ROUTER_TO_DTN}" ip saddr ${publicAddress}`
  return `table ip ${place.pathTable}
delete table ip ${place.pathTable}
table ip ${place.pathTable} {
  set broken { type inet_service; }
  set delayed { type inet_service; }
  map paths { type inet_service : classid; elements = { ${elements.join(', ')} } }
  chain losing {
    type filter hook prerouting priority raw; policy accept;
  }
  chain delaying {
    type filter hook prerouting priority mangle; policy accept;
    iifname "${ROUTER_TO_DTN}" ip daddr ${publicAddress} udp dport @delayed meta mark set ${delayMark(plan)}
    iifname "${routerInterface}" udp sport @delayed meta mark set ${delayMark(plan)}
  }
  chain crossing {
    type filter hook forward priority filter; policy accept;
    ${down} udp dport @broken drop
    ${up} udp sport @broken drop
    ${down} meta priority set udp dport map @paths
    ${up} meta priority set udp sport map @paths
  }
}
`
}

/** Packets with this mark go through the bastion's delay relay. */
export const delayMark = ({ index }: Pick<PathPlan, 'index'>): number => index

/** A random number below this decides. */
const LOSS_SCALE = 1_000_000

/**
 * `nft -f`: what the paths of one bastion do to packets from now on, in one stroke. Delayed packets cross the router
 * twice: they are lost on their first way, before several may become one, and broken off on their second.
 */
export const renderConditions = (
  plan: PathPlan,
  place: BastionPlace,
  conditions: BastionRecord['conditions'],
): string => {
  const { pathTable, routerInterface, publicAddress } = place
  const lossRules = conditions.flatMap(({ slot, lossRatio }) => {
    const share = Math.round(lossRatio * LOSS_SCALE)
    if (share === 0) return []
    const ports = `{ ${portsOf(plan, slot).join(', ')} }`
    // Not "less than", which cannot be said of all of them.
    const lost = `numgen random mod ${LOSS_SCALE} <= ${share - 1} drop`
    return [
      `add rule ip ${pathTable} losing iifname "${ROUTER_TO_DTN}" ip daddr ${publicAddress} udp dport ${ports} ${lost}`,
      `add rule ip ${pathTable} losing iifname "${routerInterface}" udp sport ${ports} ${lost}`,
    ]
  })
  const delayed = conditions.filter(({ delayMs }) => delayMs > 0).flatMap(({ slot }) => portsOf(plan, slot))
  return batch([
    `flush chain ip ${pathTable} losing`,
    ...lossRules,
    `flush set ip ${pathTable} delayed`,
    ...(delayed.length === 0 ? [] : [`add element ip ${pathTable} delayed { ${delayed.join(', ')} }`]),
  ])
}

/** `nft -f`: removes the table, whether it is there or not. */
export const renderPathRulesRemoval = (place: BastionPlace): string =>
  `table ip ${place.pathTable}\ndelete table ip ${place.pathTable}\n`

/** `nft -f`: blackholes or heals one path; either may be repeated. */
export const renderPathState = (
  plan: PathPlan,
  place: BastionPlace,
  slot: number,
  state: 'broken' | 'healthy',
): string => {
  const element = `ip ${place.pathTable} broken { ${portsOf(plan, slot).join(', ')} }`
  const broken = `add element ${element}\n`
  return state === 'broken' ? broken : `${broken}delete element ${element}\n`
}
