import { parseAddress } from '../../domain/addressing.ts'
import { OURS, slotOfInterface } from '../../domain/ours.ts'
import type { System } from '../system.ts'
import type { Surroundings } from './facts.ts'
import type { IpShown, LinkShown } from './ip-show.ts'

/** Name servers of `resolv.conf(5)` that are IPv4 and not on this machine itself. Pure. */
export const parseNameservers = (resolvConf: string): string[] =>
  resolvConf.split('\n').flatMap((line) => {
    const address = /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? ''
    return parseAddress(address) === null || address.startsWith('127.') ? [] : [address]
  })

const foreignAddresses = ({ ifname, addr_info }: LinkShown): string[] =>
  slotOfInterface(ifname) !== null
    ? []
    : addr_info.flatMap(({ family, local, prefixlen, label }) =>
        family === 'inet' && label !== OURS.sourceLabel && local !== undefined && !local.startsWith('127.')
          ? [`${local}/${prefixlen ?? 32}`]
          : [],
      )

const isDefault = (network: string): boolean => network === 'default' || network === '0.0.0.0/0'
const withPrefix = (network: string): string => (network.includes('/') ? network : `${network}/32`)

/**
 * What of the host's network is not ours. In the lab the name servers in `/etc/resolv.conf` are the machine's own and
 * out of reach, so they constrain nothing there.
 */
export const observeSurroundings = (system: System, shown: IpShown, isLab: boolean): Surroundings => {
  const others = shown.mainRoutes.filter(({ dev }) => dev === undefined || slotOfInterface(dev) === null)
  return {
    connected: shown.links.flatMap(foreignAddresses),
    routed: others.flatMap(({ dst }) => (isDefault(dst) ? [] : [withPrefix(dst)])),
    gateways: others.flatMap(({ gateway }) => (gateway === undefined ? [] : [gateway])),
    nameservers: isLab ? [] : parseNameservers(system.read('/etc/resolv.conf') ?? ''),
  }
}
