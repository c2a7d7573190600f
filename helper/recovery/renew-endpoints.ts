import type { HostState } from '../../domain/host-state.ts'
import type { LinkFacts, PeerFacts } from '../observe/facts.ts'
import type { System } from '../system.ts'

const toHex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')

/** An existing peer's endpoint, said again. Pure. */
const renderRenewal = ({ publicKey, endpoint }: PeerFacts): string =>
  `set=1\npublic_key=${toHex(publicKey)}\nupdate_only=true\nendpoint=${endpoint}\n`

const renewKernel = async ({ runner }: System, name: string, { publicKey, endpoint }: PeerFacts): Promise<void> => {
  await runner.run('wg', ['set', name, 'peer', publicKey, 'endpoint', endpoint ?? ''])
}

const renewOne = async (system: System, { name, flavour }: LinkFacts, peer: PeerFacts): Promise<void> => {
  if (flavour === 'kernel') return renewKernel(system, name, peer)
  await system.uapi(name, renderRenewal(peer))
}

/**
 * Tells WireGuard each tunnel's endpoint anew, as it is: it forgets from which address and over which route it sent, which
 * otherwise it does only when the next handshake fails, 5 s later (`wg_socket_clear_peer_endpoint_src`). Returns the
 * names of the tunnels that were told.
 */
export const renewEndpoints = async (
  system: System,
  desired: HostState,
  links: readonly LinkFacts[],
): Promise<string[]> => {
  const told = desired.tunnels.map(async ({ name, peer }) => {
    const link = links.find((each) => each.name === name)
    const known = link?.wireguard?.peers.find(({ publicKey }) => publicKey === peer.publicKey)
    if (link === undefined || known === undefined || known.endpoint === null) return []
    await renewOne(system, link, known)
    return [name]
  })
  const results = await Promise.allSettled(told)
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
}
