import { z } from 'zod'
import { Address, Cidr } from '../../domain/addressing.ts'
import type { HostState } from '../../domain/host-state.ts'
import { OURS } from '../../domain/ours.ts'

const Port = z.int().min(1).max(65_535)

/** All that the relay's process knows; lists ascend, so that equal configurations compare equal. */
export const RelayConfig = z.strictObject({
  /** Where it listens; connections are led there. */
  address: Address,
  port: Port,
  /** Networks whose connections it carries. */
  routes: z.array(Cidr),
  /** The tunnels' own addresses on this host: what begins there goes its own way. */
  own: z.array(Address),
  /** The bastions' ends, each with the addresses on this host from which tunnels lead to it. */
  ends: z.array(z.strictObject({ address: Address, port: Port, from: z.array(Address).min(1) })).min(1),
})
export type RelayConfig = z.infer<typeof RelayConfig>

/** The relay that `desired` asks for; `null`: none. Pure. */
export const relayConfigOf = ({ relay, routes, sourceAddress, tunnels }: HostState): RelayConfig | null => {
  if (relay === null || sourceAddress === null || routes.length === 0) return null
  const addressOf = (name: string): string[] =>
    tunnels.filter((tunnel) => tunnel.name === name).map(({ address }) => address.split('/')[0] ?? '')
  return {
    address: sourceAddress,
    port: OURS.relayListenPort,
    routes: routes.toSorted(),
    own: tunnels.flatMap(({ name }) => addressOf(name)).toSorted(),
    ends: relay.bastions.map(({ address, port, tunnels: names }) => ({
      address,
      port,
      from: names.flatMap(addressOf),
    })),
  }
}
