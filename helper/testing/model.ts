import { overlaps, parseNetwork } from '../../domain/addressing.ts'
import { interfaceName } from '../../domain/ours.ts'
import { withoutLink } from '../diff.ts'
import { looseEndpoint, MOST_ENDPOINTS } from '../mptcp-endpoints.ts'
import type { Facts, LinkFacts } from '../observe/facts.ts'
import type { Operation } from '../operation.ts'
import { UNTUNED } from '../tuning/facts.ts'
import { nameOf } from '../tuning/setting.ts'

/** A host with nothing of ours. */
export const BARE_HOST: Facts = {
  links: [],
  sourceAddresses: [],
  nexthops: [],
  group: null,
  routes: [],
  rules: [],
  tunnelRoutes: [],
  tunnelRules: [],
  mptcp: { endpoints: [], loose: [], others: 0, limits: { subflows: 2, accepted: 0 } },
  relay: null,
  strays: [],
  nft: 'absent',
  sysctls: {
    'net.ipv4.fib_multipath_hash_policy': 0,
    'net.ipv4.conf.all.rp_filter': 0,
    'net.ipv4.conf.all.arp_ignore': 0,
    'net.mptcp.enabled': 0,
    'net.mptcp.pm_type': 1,
  },
  tuning: UNTUNED,
  surroundings: { connected: [], routed: [], gateways: [], nameservers: [] },
}

const must = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(`the kernel would refuse: ${what}`)
}

const hasAddress = ({ sourceAddresses, links }: Facts, source: string): boolean =>
  [...sourceAddresses, ...links.flatMap(({ addresses }) => addresses)].some((each) => each.split('/')[0] === source)

const changeLink = (facts: Facts, name: string, change: (link: LinkFacts) => LinkFacts): Facts => {
  must(
    facts.links.some((link) => link.name === name),
    `there is no ${name}`,
  )
  return { ...facts, links: facts.links.map((link) => (link.name === name ? change(link) : link)) }
}

/** An interface that goes down takes its next hop along, but stays. */
const withLinkDown = (facts: Facts, name: string): Facts => ({ ...withoutLink(facts, name), links: facts.links })

const shareNetwork = (a: string, b: string): boolean => {
  const [one, other] = [parseNetwork(a), parseNetwork(b)]
  return one !== null && other !== null && overlaps(one, other)
}

/** `ip address`: removing a primary takes along its secondaries (same network, added later). */
const changeAddress = (list: readonly string[], address: string, isThere: boolean): string[] => {
  if (isThere) return list.includes(address) ? [...list] : [...list, address]
  must(list.includes(address), `there is no address ${address}`)
  const at = list.indexOf(address)
  return list.filter((other, nth) => other !== address && !(nth > at && shareNetwork(other, address)))
}

/** What the kernel makes of one operation; throws where it would refuse. */
export const applyToModel = (facts: Facts, operation: Operation): Facts => {
  switch (operation.kind) {
    case 'sysctl':
      must(facts.sysctls[operation.name] === operation.was, `${operation.name} is not ${operation.was}`)
      return { ...facts, sysctls: { ...facts.sysctls, [operation.name]: operation.to } }
    case 'relay':
      return { ...facts, relay: operation.to }
    case 'nft':
      return { ...facts, nft: operation.to ?? 'absent' }
    case 'mptcp-limits':
      must(facts.mptcp !== null, 'there is no Multipath TCP')
      return facts.mptcp === null ? facts : { ...facts, mptcp: { ...facts.mptcp, limits: operation.to } }
    case 'link': {
      const { name, to } = operation
      const exists = facts.links.some((link) => link.name === name)
      must(exists === (to === null), `${name} ${exists ? 'is there already' : 'is not there'}`)
      if (to === null) return withoutLink(facts, name)
      const wireguard = { publicKey: null, listenPort: 0, peers: [] }
      return {
        ...facts,
        links: [...facts.links, { name, flavour: to, mtuBytes: 1420, isUp: false, addresses: [], wireguard }],
      }
    }
    case 'wireguard':
      return changeLink(facts, operation.name, (link) => {
        must(link.wireguard !== null, `nobody serves ${link.name}`)
        return { ...link, wireguard: operation.to }
      })
    case 'settings': {
      const changed = changeLink(facts, operation.name, (link) => ({ ...link, ...operation.to }))
      return operation.to.isUp ? changed : withLinkDown(changed, operation.name)
    }
    case 'address': {
      const { device, address, to } = operation
      if (device === 'lo') return { ...facts, sourceAddresses: changeAddress(facts.sourceAddresses, address, to) }
      return changeLink(facts, device, (link) => ({ ...link, addresses: changeAddress(link.addresses, address, to) }))
    }
    case 'nexthop': {
      const { slot, to } = operation
      const others = facts.nexthops.filter((nexthop) => nexthop.slot !== slot)
      if (to === null) {
        must(others.length < facts.nexthops.length, `there is no next hop ${slot}`)
        return { ...withoutLink(facts, interfaceName(slot)), links: facts.links, nexthops: others }
      }
      must(
        facts.links.some(({ name, isUp }) => name === to && isUp),
        `${to} is not up`,
      )
      return { ...facts, nexthops: [...others, { slot, device: to }] }
    }
    case 'group': {
      const { to } = operation
      if (to === null) {
        must(facts.group !== null, 'there is no group')
        return { ...facts, group: null, routes: facts.routes.filter(({ via }) => via === 'blackhole') }
      }
      must(to.length > 0, 'a group is not empty')
      must(
        to.every((slot) => facts.nexthops.some((nexthop) => nexthop.slot === slot)),
        'a member of the group is not there',
      )
      return { ...facts, group: to }
    }
    case 'route': {
      const { network, via, to } = operation
      const others = facts.routes.filter((route) => route.network !== network || route.via !== via)
      if (to === null) {
        must(others.length < facts.routes.length, `there is no ${via} route to ${network}`)
        return { ...facts, routes: others }
      }
      must(via === 'blackhole' || facts.group !== null, 'there is no group to route over')
      must(to.source === null || hasAddress(facts, to.source), `${to.source} is no address of this host`)
      return { ...facts, routes: [...others, { network, via, ...to }] }
    }
    case 'rule': {
      const { network, to } = operation
      must(facts.rules.includes(network) !== to, `the rule to ${network} is ${to ? 'there already' : 'not there'}`)
      return { ...facts, rules: to ? [...facts.rules, network] : facts.rules.filter((other) => other !== network) }
    }
    case 'tunnel-route': {
      const { number, network, via, to } = operation
      const others = facts.tunnelRoutes.filter(
        (route) => route.number !== number || route.network !== network || route.via !== via,
      )
      const isUp = facts.links.some((link) => link.name === interfaceName(number) && link.isUp)
      must(to === null || via === 'blackhole' || isUp, `${interfaceName(number)} is not up`)
      must(to !== null || others.length < facts.tunnelRoutes.length, `there is no ${via} route of tunnel ${number}`)
      return { ...facts, tunnelRoutes: to === null ? others : [...others, { number, network, via, ...to }] }
    }
    case 'tunnel-rule': {
      const { number, from, to } = operation
      const others = facts.tunnelRules.filter((rule) => rule.number !== number || rule.from !== from)
      must(others.length < facts.tunnelRules.length !== to, `a rule of tunnel ${number} is ${to ? '' : 'not '}there`)
      return { ...facts, tunnelRules: to ? [...others, { number, from }] : others }
    }
    case 'endpoint': {
      const { number, to, was } = operation
      must(facts.mptcp !== null, 'there is no Multipath TCP')
      must(!facts.mptcp?.loose.includes(number), `endpoint ${number} is there already`)
      const all = facts.mptcp?.endpoints ?? []
      const others = all.filter((endpoint) => endpoint.number !== number)
      must(others.length < all.length === (was !== null), `endpoint ${number} is ${was === null ? '' : 'not '}there`)
      const endpoints = to === null ? others : [...others, { number, address: to }]
      must(endpoints.length + (facts.mptcp?.others ?? 0) <= MOST_ENDPOINTS, 'there are too many endpoints')
      return facts.mptcp === null ? facts : { ...facts, mptcp: { ...facts.mptcp, endpoints } }
    }
    case 'tune': {
      const { setting, to, was } = operation
      must(facts.tuning.values[nameOf(setting)] === was, `${nameOf(setting)} is not ${was}`)
      return { ...facts, tuning: { ...facts.tuning, values: { ...facts.tuning.values, [nameOf(setting)]: to } } }
    }
    case 'stray':
      return {
        ...facts,
        strays: facts.strays.filter(({ ip }) => ip !== operation.ip),
        mptcp: facts.mptcp && {
          ...facts.mptcp,
          loose: facts.mptcp.loose.filter((number) => looseEndpoint(number).ip !== operation.ip),
        },
      }
  }
}

const byText = (a: unknown, b: unknown): number => JSON.stringify(a).localeCompare(JSON.stringify(b))

/** The same facts in one order, so that equal hosts compare equal. */
export const sorted = (facts: Facts): Facts => ({
  ...facts,
  links: facts.links.toSorted(byText),
  nexthops: facts.nexthops.toSorted(byText),
  routes: facts.routes.toSorted(byText),
  rules: facts.rules.toSorted(byText),
  tunnelRoutes: facts.tunnelRoutes.toSorted(byText),
  tunnelRules: facts.tunnelRules.toSorted(byText),
  mptcp: facts.mptcp && { ...facts.mptcp, endpoints: facts.mptcp.endpoints.toSorted(byText) },
})
