import type { BastionRecord } from './record.ts'
import { type BastionPlace, ROUTER_TO_DTN } from './topology.ts'

/**
 * The shaped "internet" path of each tunnel: on both of the router's interfaces one HTB class per slot, chosen by the
 * skb priority that nft sets from the tunnel's UDP port (`tc-htb(8)`: a priority that names a class selects it), so
 * that no tc filter is needed.
 */

type PathPlan = Pick<BastionRecord, 'index' | 'firstSlot' | 'slots' | 'firstPort' | 'pathRateBitsPerSecond'>

const slotsOf = ({ firstSlot, slots }: PathPlan): number[] => Array.from({ length: slots }, (_, at) => firstSlot + at)

/** Minor number of a slot's class, unique among all bastions: they share the interface towards the DTN. */
const classMinor = ({ index, firstSlot }: PathPlan, slot: number): string =>
  (index * 64 + slot - firstSlot + 1).toString(16)

const portOf = (plan: PathPlan, slot: number): number => plan.firstPort + slot - plan.firstSlot

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

/** `nft -f` for one bastion: which port takes which class, and which paths are broken. */
export const renderPathRules = (plan: PathPlan, place: BastionPlace): string => {
  const elements = slotsOf(plan).map((slot) => `${portOf(plan, slot)} : 1:${classMinor(plan, slot)}`)
  const device = place.routerInterface
  return `table ip ${place.pathTable}
delete table ip ${place.pathTable}
table ip ${place.pathTable} {
  set broken { type inet_service; }
  map paths { type inet_service : classid; elements = { ${elements.join(', ')} } }
  chain crossing {
    type filter hook forward priority filter; policy accept;
    oifname "${device}" udp dport @broken drop
    iifname "${device}" udp sport @broken drop
    oifname "${device}" meta priority set udp dport map @paths
    iifname "${device}" meta priority set udp sport map @paths
  }
}
`
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
  const element = `ip ${place.pathTable} broken { ${portOf(plan, slot)} }`
  const broken = `add element ${element}\n`
  return state === 'broken' ? broken : `${broken}delete element ${element}\n`
}
