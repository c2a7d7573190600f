import type { PeerFacts, WireGuardFacts } from './observe/facts.ts'

const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')

const uapiPeer = ({ publicKey, endpoint, allowedNetworks, keepaliveSeconds }: PeerFacts): string[] => [
  `public_key=${hex(publicKey)}`,
  ...(endpoint === null ? [] : [`endpoint=${endpoint}`]),
  `persistent_keepalive_interval=${keepaliveSeconds}`,
  'replace_allowed_ips=true',
  ...allowedNetworks.map((network) => `allowed_ip=${network}`),
]

/**
 * A `set=1` request (https://www.wireguard.com/xplatform/) that leads from `was` to `to`. Peers that stay are updated,
 * not replaced, so that their sessions live on. Holds the private key when it changes: for the socket only. Pure.
 */
export const renderUapiSet = (to: WireGuardFacts, was: WireGuardFacts | null, privateKey: string | null): string => {
  const isNewKey = privateKey !== null && to.publicKey !== was?.publicKey
  const gone = (was?.peers ?? []).filter(({ publicKey }) => !to.peers.some((peer) => peer.publicKey === publicKey))
  const lines = [
    'set=1',
    ...(isNewKey ? [`private_key=${hex(privateKey)}`] : []),
    ...(to.listenPort === was?.listenPort ? [] : [`listen_port=${to.listenPort}`]),
    ...gone.flatMap(({ publicKey }) => [`public_key=${hex(publicKey)}`, 'remove=true']),
    ...to.peers.flatMap(uapiPeer),
  ]
  return `${lines.join('\n')}\n`
}

const confPeer = ({ publicKey, endpoint, allowedNetworks, keepaliveSeconds }: PeerFacts): string[] => [
  '[Peer]',
  `PublicKey = ${publicKey}`,
  `AllowedIPs = ${allowedNetworks.join(', ')}`,
  ...(endpoint === null ? [] : [`Endpoint = ${endpoint}`]),
  `PersistentKeepalive = ${keepaliveSeconds}`,
]

/** The file `wg syncconf` reads (`wg(8)`). Holds the private key: for stdin only. Pure. */
export const renderSyncconf = (to: WireGuardFacts, privateKey: string | null): string => {
  const lines = [
    '[Interface]',
    ...(privateKey === null ? [] : [`PrivateKey = ${privateKey}`]),
    `ListenPort = ${to.listenPort}`,
    ...to.peers.flatMap(confPeer),
  ]
  return `${lines.join('\n')}\n`
}
