import type { TunnelInterface } from '../../domain/host-state.ts'

/** File name of a tunnel's export: wg-quick(8) names the interface after it. */
export const wgQuickFileName = ({ name }: TunnelInterface): string => `${name}.conf`

const NO_KEY = '# PrivateKey = … (kept by the helper; "mole export wg-quick --with-keys" writes it here)'

/**
 * One tunnel as a wg-quick(8) file. Without `privateKey` its line is a comment that says how to get it. A tunnel runs on
 * one machine at a time: the far end answers whoever used the key last, which the file says too. Pure.
 */
export const renderWgQuick = (tunnel: TunnelInterface, privateKey: string | null): string => {
  const { address, listenPort, mtuBytes, peer } = tunnel
  return `# One tunnel of Cloud Mole, for wg-quick(8). Take it down here ("mole down") before it is used elsewhere:
# the far end answers whoever used the key last.

[Interface]
${privateKey === null ? NO_KEY : `PrivateKey = ${privateKey}`}
Address = ${address}
ListenPort = ${listenPort}
MTU = ${mtuBytes}

[Peer]
PublicKey = ${peer.publicKey}
Endpoint = ${peer.endpoint.address}:${peer.endpoint.port}
AllowedIPs = ${peer.allowedNetworks.join(', ')}
PersistentKeepalive = ${peer.keepaliveSeconds}
`
}
