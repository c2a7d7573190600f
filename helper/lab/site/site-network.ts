import type { SiteCondition } from '../../../domain/probe/request.ts'
import type { Setting } from '../network-steps.ts'
import { HOP, HOP_RULES } from './site-policing.ts'

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
const SITE_LINK = 'site0'
export const SITE_ADDRESS = '198.18.0.6'

const DTN = '198.18.0.2'
const NEAR = '198.18.0.1'
const FAR = '198.18.0.5'
/** Larger than every size that is asked for: this host's own interface is never what limits. */
export const LINK_MTU_BYTES = 9216

/**
 * How many packets may go as one: most of the work of this machine is for each. Where single packets are lost, or their
 * length is looked at, each is on its own.
 */
export const offload = ({ lossRatio, blackHoleAboveBytes }: SiteCondition): string =>
  `gso_max_segs ${lossRatio > 0 || blackHoleAboveBytes !== null ? 1 : 8}`

/** Of packets that are to be delayed. */
export const DELAY_MARK = 1

/** As a route has it (`ip-route(8)`): a namespace of an ordinary user may not choose from all by `sysctl`. */
const control = ({ congestionControl }: SiteCondition): string =>
  congestionControl === null ? '' : ` congctl ${congestionControl}`

const batch = (lines: readonly string[]): string => `${lines.join('\n')}\n`

/** Run in the DTN: both namespaces and their links. */
export const renderSiteLinks = (condition: SiteCondition): string =>
  batch([
    `netns add ${SITE_ROUTER}`,
    `netns add ${SITE}`,
    `link add ${SITE_LINK} mtu ${LINK_MTU_BYTES} type veth peer name near mtu ${LINK_MTU_BYTES} netns ${SITE_ROUTER}`,
    `link add far mtu ${condition.mtuBytes} netns ${SITE_ROUTER} type veth peer name eth0 mtu ${condition.mtuBytes} netns ${SITE}`,
    `addr add ${DTN}/30 dev ${SITE_LINK}`,
    `link set ${SITE_LINK} ${offload(condition)} up`,
    `route add ${SITE_ADDRESS}/32 via ${NEAR}${control(condition)}`,
  ])

/** Run in the router. */
export const renderSiteRouterInside = (condition: SiteCondition): string =>
  batch([
    'link set lo up',
    `addr add ${NEAR}/30 dev near`,
    `addr add ${FAR}/30 dev far`,
    `link set near ${offload(condition)} up`,
    `link set far ${offload(condition)} up`,
  ])

/** Run in the site. */
export const renderSiteInside = (condition: SiteCondition): string =>
  batch([
    'link set lo up',
    `addr add ${SITE_ADDRESS}/30 dev eth0`,
    `link set eth0 ${offload(condition)} up`,
    `route add default via ${FAR}${control(condition)}`,
  ])

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

const lines = (rules: readonly string[]): string => rules.map((rule) => `    ${rule}\n`).join('')

/**
 * `nft -f` for the router. A packet that is policed or delayed crosses it several times; what becomes of it is decided where
 * it leaves for good.
 */
export const renderSiteRules = (condition: SiteCondition): string => {
  const { blackHoleAboveBytes, lossRatio, flowRateBitsPerSecond, delayMs } = condition
  const policing = flowRateBitsPerSecond === null ? { maps: [], leading: [], crossing: [] } : HOP_RULES
  const leading = [
    ...policing.leading,
    ...(delayMs > 0 ? [`iifname { "near", "far", "${HOP.out}" } meta mark set ${DELAY_MARK}`] : []),
  ]
  const leaving = [
    ...(blackHoleAboveBytes === null ? [] : [`ip length > ${blackHoleAboveBytes} drop`]),
    ...lossRule(lossRatio),
  ].map((rule) => `oifname { "near", "far" } ${rule}`)
  return `table ip site {
${lines(policing.maps)}  chain leading {
    type filter hook prerouting priority mangle; policy accept;
${lines(leading)}  }
  chain crossing {
    type filter hook forward priority filter; policy accept;
${lines([...policing.crossing, ...leaving])}  }
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
  ['conf/default/rp_filter', '0'],
]
