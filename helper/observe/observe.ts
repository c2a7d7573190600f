import { OURS, slotOfInterface } from '../../domain/ours.ts'
import type { System } from '../system.ts'
import { observeTuning, type TuningScope } from '../tuning/observe.ts'
import type { Facts, LinkFacts } from './facts.ts'
import { type LinkShown, showIp } from './ip-show.ts'
import { observeNft } from './nft.ts'
import { readGroup, readNexthops, readRoutes, readRules, readTunnelRoutes, readTunnelRules } from './routing.ts'
import { beginWireGuard } from './served.ts'
import { observeSurroundings } from './surroundings.ts'
import { observeSysctls } from './sysctls.ts'

type BareLink = Omit<LinkFacts, 'wireguard'>

const addresses = ({ addr_info }: LinkShown): string[] =>
  addr_info.flatMap(({ family, local, prefixlen }) =>
    family === 'inet' && local !== undefined ? [`${local}/${prefixlen ?? 32}`] : [],
  )

const readLink = (link: LinkShown): BareLink => ({
  name: link.ifname,
  flavour: link.linkinfo?.info_kind === 'wireguard' ? 'kernel' : 'userspace',
  mtuBytes: link.mtu,
  isUp: link.flags.includes('UP'),
  addresses: addresses(link),
})

const readSources = (links: readonly LinkShown[]): string[] =>
  links.flatMap((link) =>
    addresses({ ...link, addr_info: link.addr_info.filter(({ label }) => label === OURS.sourceLabel) }),
  )

const ourLinks = (links: readonly LinkShown[]): BareLink[] =>
  links
    .filter(({ ifname }) => slotOfInterface(ifname) !== null)
    .map(readLink)
    .toSorted((a, b) => (slotOfInterface(a.name) ?? 0) - (slotOfInterface(b.name) ?? 0))

/** Reads everything of ours on the host, and what surrounds it; `nft` where it is known already. Changes nothing. @throws MoleError. */
export const observe = async (
  system: System,
  isLab: boolean,
  scope: TuningScope,
  knownNft?: Facts['nft'],
): Promise<Facts> => {
  const wireguard = beginWireGuard(system)
  const [shown, nft, relay] = await Promise.all([
    showIp(system),
    knownNft ?? observeNft(system),
    system.relay.observe(),
  ])
  const bare = ourLinks(shown.links)
  const readings = await wireguard(bare)
  const [routes, rules, nexthops] = [readRoutes(shown.ourRoutes), readRules(shown.rules), readNexthops(shown.nexthops)]
  const tunnelRoutes = readTunnelRoutes(shown.labelledRoutes)
  const links = bare.map((link) => ({ ...link, wireguard: readings.get(link.name)?.settings ?? null }))
  return {
    links,
    sourceAddresses: readSources(shown.links),
    nexthops: nexthops.ours,
    group: readGroup(shown.nexthops),
    routes: routes.ours,
    rules: rules.ours,
    tunnelRoutes: tunnelRoutes.ours,
    tunnelRules: readTunnelRules(shown.rules),
    mptcp: shown.mptcp,
    strays: [...rules.strays, ...tunnelRoutes.strays, ...routes.strays, ...nexthops.strays],
    relay,
    nft,
    sysctls: observeSysctls(system),
    tuning: await observeTuning(system, scope, links),
    surroundings: observeSurroundings(system, shown, isLab),
  }
}
