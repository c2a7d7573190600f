import type { SiteCondition } from '../../../domain/probe/request.ts'
import type { Setting } from '../network-steps.ts'

/**
 * Names and addresses of the lab's probe site (of the network that RFC 2544 keeps for measurements), and the texts that
 * make it:
 *
 *     DTN site0 198.18.0.2 ── near siterouter far ── eth0 198.18.0.6 site
 *
 * The first link takes packets of any size that is measured; the second has the path's MTU. All that a condition asks for
 * is done by the router to packets that leave it, on either side.
 */
export const SITE = 'site'
export const SITE_ROUTER = 'siterouter'
/** The DTN's interface towards it. */
export const SITE_LINK = 'site0'
export const SITE_ADDRESS = '198.18.0.6'

const DTN = '198.18.0.2'
const NEAR = '198.18.0.1'
const FAR = '198.18.0.5'
/** Both of the router's interfaces. */
const BOTH = '{ "near", "far" }'
/** Larger than every size that is asked for: this host's own interface is never what limits. */
export const LINK_MTU_BYTES = 9216

/** Of packets that are to be delayed. */
export const DELAY_MARK = 1

const batch = (lines: readonly string[]): string => `${lines.join('\n')}\n`

/** Run in the DTN: both namespaces and their links. */
export const renderSiteLinks = ({ mtuBytes }: Pick<SiteCondition, 'mtuBytes'>): string =>
  batch([
    `netns add ${SITE_ROUTER}`,
    `netns add ${SITE}`,
    `link add ${SITE_LINK} mtu ${LINK_MTU_BYTES} type veth peer name near mtu ${LINK_MTU_BYTES} netns ${SITE_ROUTER}`,
    `link add far mtu ${mtuBytes} netns ${SITE_ROUTER} type veth peer name eth0 mtu ${mtuBytes} netns ${SITE}`,
    `addr add ${DTN}/30 dev ${SITE_LINK}`,
    `link set ${SITE_LINK} up`,
    `route add ${SITE_ADDRESS}/32 via ${NEAR}`,
  ])

/** Run in the router. */
export const renderSiteRouterInside = (): string =>
  batch([
    'link set lo up',
    `addr add ${NEAR}/30 dev near`,
    `addr add ${FAR}/30 dev far`,
    'link set near up',
    'link set far up',
  ])

/** Run in the site. */
export const renderSiteInside = (): string =>
  batch(['link set lo up', `addr add ${SITE_ADDRESS}/30 dev eth0`, 'link set eth0 up', `route add default via ${FAR}`])

/** Run in the DTN, with `-force`: the link and both namespaces, and what TCP has learnt of the path. */
export const renderSiteRemoval = (): string =>
  batch([
    `link del ${SITE_LINK}`,
    `netns del ${SITE_ROUTER}`,
    `netns del ${SITE}`,
    `tcp_metrics delete ${SITE_ADDRESS}`,
  ])

const BURST_MS = 5
/** Of what is queued at the path's rate; at least the round trip, so that one TCP connection can fill the path. */
const QUEUE_MS = 40

const bytesOf = (rateBitsPerSecond: number, ms: number): number => Math.ceil((rateBitsPerSecond * ms) / 8000)

/** `tc -batch` for the router: the path's rate, both ways. Rates are of Ethernet frames (`tc-tbf(8)`). */
export const renderSiteQueues = ({ rateBitsPerSecond, delayMs }: SiteCondition): string => {
  const burst = Math.max(32 * 1024, bytesOf(rateBitsPerSecond, BURST_MS))
  const limit = Math.max(128 * 1024, bytesOf(rateBitsPerSecond, Math.max(QUEUE_MS, delayMs)))
  return batch(
    ['near', 'far'].map(
      (device) => `qdisc add dev ${device} root tbf rate ${rateBitsPerSecond}bit burst ${burst} limit ${limit}`,
    ),
  )
}

/** A random number below this decides. */
const LOSS_SCALE = 1_000_000

const lossRule = (lossRatio: number): string[] => {
  const share = Math.round(lossRatio * LOSS_SCALE)
  return share === 0 ? [] : [`numgen random mod ${LOSS_SCALE} < ${share} drop`]
}

/** A token bucket for each flow, without a queue (`nft(8)`: an element's own limit). */
const policeRule = (rateBitsPerSecond: number): string => {
  const rate = Math.round(rateBitsPerSecond / 8)
  const limit = `limit rate over ${rate} bytes/second burst ${bytesOf(rateBitsPerSecond, 10)} bytes`
  return `meta l4proto { tcp, udp } add @flows { ip saddr . th sport . ip daddr . th dport . meta l4proto ${limit} } drop`
}

/**
 * `nft -f` for the router. A delayed packet crosses it twice: what becomes of it is decided where it leaves for good, of
 * packets as they are on the wire, since nothing here merges them.
 */
export const renderSiteRules = (condition: SiteCondition): string => {
  const { blackHoleAboveBytes, lossRatio, flowRateBitsPerSecond, delayMs } = condition
  const crossing = [
    ...(blackHoleAboveBytes === null ? [] : [`ip length > ${blackHoleAboveBytes} drop`]),
    ...lossRule(lossRatio),
    ...(flowRateBitsPerSecond === null ? [] : [policeRule(flowRateBitsPerSecond)]),
  ]
  return `table ip site {
  set flows {
    type ipv4_addr . inet_service . ipv4_addr . inet_service . inet_proto
    flags dynamic
    size 65535
    timeout 1m
  }
  chain delaying {
    type filter hook prerouting priority mangle; policy accept;
${delayMs > 0 ? `    iifname ${BOTH} meta mark set ${DELAY_MARK}\n` : ''}  }
  chain crossing {
    type filter hook forward priority filter; policy accept;
${crossing.map((rule) => `    oifname ${BOTH} ${rule}\n`).join('')}  }
}
`
}

/** Of the site's network namespace. */
export const siteSettings = ({ receiveWindowBytes, answers }: SiteCondition): Setting[] => [
  ...(answers.icmp ? [] : [['icmp_echo_ignore_all', '1'] as const]),
  // Least, first and largest (`tcp(7)`).
  ...(receiveWindowBytes === null ? [] : [['tcp_rmem', `4096 ${receiveWindowBytes} ${receiveWindowBytes}`] as const]),
]

/** Of the router: it forwards, also what comes back from the delay, which came from nowhere to a strict rp_filter. */
export const ROUTER_SETTINGS: readonly Setting[] = [
  ['ip_forward', '1'],
  ['conf/all/rp_filter', '0'],
  ['conf/near/rp_filter', '0'],
  ['conf/far/rp_filter', '0'],
]
