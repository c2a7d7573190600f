import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/** A parsed IPv4 network. `base` is the network address as an unsigned 32-bit number. */
export type Network = { readonly base: number; readonly prefix: number }

const toNumber = (octets: readonly number[]): number => octets.reduce((sum, octet) => sum * 256 + octet, 0)

const toText = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

const sizeOf = (prefix: number): number => 2 ** (32 - prefix)

/** Reads `a.b.c.d/p` strictly (four decimal parts, no leading zeros); `null` when it is anything else. */
export const parseNetwork = (text: string): Network | null => {
  const [address = '', prefixText = '', ...rest] = text.split('/')
  if (rest.length > 0 || !/^(0|[1-9][0-9]?)$/.test(prefixText) || Number(prefixText) > 32) return null
  const parsed = parseAddress(address)
  if (parsed === null) return null
  const prefix = Number(prefixText)
  return { base: Math.floor(parsed / sizeOf(prefix)) * sizeOf(prefix), prefix }
}

/** Reads a dotted IPv4 address strictly as an unsigned 32-bit number; `null` when it is anything else. */
export const parseAddress = (text: string): number | null =>
  ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0[0-9]/.test(text)
    ? toNumber(ipaddr.IPv4.parse(text).octets)
    : null

/** Renders a network in canonical form: host bits cleared. */
export const renderNetwork = (network: Network): string => `${toText(network.base)}/${network.prefix}`

/** Whether two networks share at least one address. */
export const overlaps = (a: Network, b: Network): boolean =>
  a.base < b.base + sizeOf(b.prefix) && b.base < a.base + sizeOf(a.prefix)

/** Whether `inner` lies wholly inside `outer`. */
export const contains = (outer: Network, inner: Network): boolean =>
  outer.prefix <= inner.prefix && overlaps(outer, inner)

const NETWORK_WANTED = { error: 'must be an IPv4 network such as 10.200.0.0/24, with the host bits zero' }

/** An IPv4 network in CIDR notation, host bits cleared. */
export const Cidr = z
  .string(NETWORK_WANTED)
  .max(18, NETWORK_WANTED)
  .refine((text) => {
    const network = parseNetwork(text)
    return network !== null && renderNetwork(network) === text
  }, NETWORK_WANTED)

/** An IPv4 address in dotted notation. */
export const Address = z
  .string()
  .max(15)
  .refine((text) => parseAddress(text) !== null, {
    error: 'must be an IPv4 address such as 203.0.113.10',
  })

/** An interface address with its prefix length, such as `10.100.1.1/30`. */
export const InterfaceAddress = z
  .string()
  .max(18)
  .refine((text) => parseNetwork(text) !== null, {
    error: 'must be an IPv4 address with a prefix length, such as 10.100.1.1/30',
  })

/** Networks no tunnel may ever claim (RFC 6890): this-network, loopback, link-local with the cloud's metadata service, multicast and reserved. */
export const FORBIDDEN_NETWORKS: readonly Network[] = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(
  (text) => parseNetwork(text) as Network,
)

/** Addresses of one tunnel: a /30 whose first host is the DTN and whose second is the bastion. */
export type TunnelAddresses = { readonly host: string; readonly bastion: string; readonly prefix: 30 }

/**
 * Addresses of a tunnel's lane inside the deployment's base network (a /16): the third octet is the lane's number,
 * so that an address read in a packet trace names its tunnel.
 */
export const tunnelAddresses = (base: Network, number: number): TunnelAddresses => ({
  host: toText(base.base + number * 256 + 1),
  bastion: toText(base.base + number * 256 + 2),
  prefix: 30,
})

/** The address of a bastion (1-based) that all its tunnels lead to: its agent and its end of the relay listen there. */
export const bastionCommonAddress = (base: Network, bastion: number): string => toText(base.base + 254 * 256 + bastion)

/** The DTN's stable source address: the same over every tunnel, so that a flow can move between them. */
export const stableSourceAddress = (base: Network): string => toText(base.base + 255 * 256 + 1)
