import { overlaps, parseNetwork } from '../../domain/addressing.ts'
import type { LinkFacts } from '../observe/facts.ts'
import type { EchoTarget } from './prober.ts'

/** The far end's inner address: the single host among what the peer may send from that lies in the tunnel's network. */
const bastionAddress = ({ addresses, wireguard }: LinkFacts): string | null => {
  const inner = parseNetwork(addresses[0] ?? '')
  const hosts = (wireguard?.peers ?? []).flatMap(({ allowedNetworks }) => allowedNetworks)
  const host = hosts.find((text) => {
    const network = parseNetwork(text)
    return inner !== null && network?.prefix === 32 && overlaps(inner, network)
  })
  return host?.split('/')[0] ?? null
}

/** Which echoes to send, from the tunnels as they are. Pure. */
export const readEchoTargets = (links: readonly LinkFacts[]): EchoTarget[] =>
  links.flatMap((link) => {
    const [hostAddress, far] = [link.addresses[0]?.split('/')[0], bastionAddress(link)]
    return hostAddress === undefined || far === null || !link.isUp
      ? []
      : [{ name: link.name, hostAddress, bastionAddress: far }]
  })
