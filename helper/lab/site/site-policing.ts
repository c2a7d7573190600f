import { LINK_MTU_BYTES } from './site-network.ts'

/**
 * Policing of each flow, without a queue, by what this kernel has: the router leads packets over a link to itself, on
 * which every flow has an HTB class of its own that holds back no more than two of them. (`nft(8)` has limits for
 * each flow, too, but a bucket of theirs always holds a second of the rate, and of `tc(8)` kernels may lack the police action.)
 */

/** So many flows at once have a class of their own; more share. */
const FLOWS = 64
/** What a flow may send at once after a pause. */
const BURST_MS = 10
/** Its ends in the router, and what packets that are to go over it are marked with. */
export const HOP = { in: 'hop0', out: 'hop1', mark: 2 } as const

const OUT_ADDRESS = '02:00:00:00:00:01'
const TABLE = 2000 + HOP.mark
/** Of nobody: where packets seem to go on the link. */
const GATEWAY = '198.18.0.9'

/** Where each direction's classes begin. */
const FIRST_CLASS = { up: 0x100, down: 0x200 } as const

const batch = (lines: readonly string[]): string => `${lines.join('\n')}\n`

const flows = Array.from({ length: FLOWS }, (_, at) => at + 1)
const classOf = (direction: 'up' | 'down', flow: number): string => `1:${(FIRST_CLASS[direction] + flow).toString(16)}`

/** `ip -batch` in the router. `offload` is how many packets may go as one. */
export const renderHop = (offload: string): string =>
  batch([
    `link add ${HOP.in} mtu ${LINK_MTU_BYTES} type veth peer name ${HOP.out} mtu ${LINK_MTU_BYTES} address ${OUT_ADDRESS}`,
    `link set ${HOP.in} ${offload} up`,
    `link set ${HOP.out} ${offload} up`,
    `neigh add ${GATEWAY} lladdr ${OUT_ADDRESS} dev ${HOP.in} nud permanent`,
    `route add default via ${GATEWAY} dev ${HOP.in} onlink table ${TABLE}`,
    `rule add fwmark ${HOP.mark} lookup ${TABLE} priority ${TABLE}`,
  ])

/** `tc -batch` in the router: each class at the flow's rate of Ethernet frames. What has no class passes. */
export const renderHopClasses = (rateBitsPerSecond: number): string => {
  const burst = Math.ceil((rateBitsPerSecond * BURST_MS) / 8000)
  const bucket = `rate ${rateBitsPerSecond}bit ceil ${rateBitsPerSecond}bit burst ${burst} cburst ${burst} quantum 60000`
  return batch([
    `qdisc add dev ${HOP.in} root handle 1: htb`,
    ...(['up', 'down'] as const).flatMap((direction) =>
      flows.flatMap((flow) => [
        `class add dev ${HOP.in} parent 1: classid ${classOf(direction, flow)} htb ${bucket}`,
        `qdisc add dev ${HOP.in} parent ${classOf(direction, flow)} pfifo limit 2`,
      ]),
    ),
  ])
}

const classMap = (direction: 'up' | 'down'): string =>
  `map ${direction} { type mark : classid; elements = { ${flows.map((flow) => `${flow} : ${classOf(direction, flow)}`).join(', ')} }; }`

/** Of the router's table of `nft`: maps; rules of `prerouting`, before those that delay; rules of `forward`. */
export const HOP_RULES = {
  maps: [classMap('up'), classMap('down')],
  leading: [
    `iifname { "near", "far" } meta l4proto { tcp, udp } ct mark 0 ct mark set numgen inc mod ${FLOWS} offset 1`,
    `iifname { "near", "far" } meta l4proto { tcp, udp } meta mark set ${HOP.mark} accept`,
    `iifname "${HOP.out}" meta mark set 0`,
  ],
  crossing: [
    `iifname "near" oifname "${HOP.in}" meta priority set ct mark map @up`,
    `iifname "far" oifname "${HOP.in}" meta priority set ct mark map @down`,
  ],
} as const
