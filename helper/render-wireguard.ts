import type { PeerFacts, WireGuardFacts } from './observe/facts.ts'

const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')

const uapiPeer = ({ publicKey, endpoint, allowedNetworks, keepaliveSeconds }: PeerFacts): string[] => [
  `public_key=${hex(publicKey)}`,
  ...(endpoint === null ? [] : [`endpoint=${endpoint}`]),
  `persistent_keepalive_interval=${keepaliveSeconds}`,
  'replace_allowed_ips=true',
  ...allowedNetworks.map((network) => `allowed_ip=${network}`),
]

const gonePeers = (to: WireGuardFacts, was: WireGuardFacts | null): string[] =>
  (was?.peers ?? [])
    .map(({ publicKey }) => publicKey)
    .filter((publicKey) => !to.peers.some((peer) => peer.publicKey === publicKey))

/**
 * A `set=1` request (https://www.wireguard.com/xplatform/) that leads from `was` to `to`. Peers that stay are updated,
 * not replaced, so that their sessions live on. Holds the private key when it changes: for the socket only. Pure.
 */
export const renderUapiSet = (to: WireGuardFacts, was: WireGuardFacts | null, privateKey: string | null): string => {
  const isNewKey = privateKey !== null && to.publicKey !== was?.publicKey
  const lines = [
    'set=1',
    ...(isNewKey ? [`private_key=${hex(privateKey)}`] : []),
    ...(to.listenPort === was?.listenPort ? [] : [`listen_port=${to.listenPort}`]),
    ...gonePeers(to, was).flatMap((publicKey) => [`public_key=${hex(publicKey)}`, 'remove=true']),
    ...to.peers.flatMap(uapiPeer),
  ]
  return `${lines.join('\n')}\n`
}

const wgPeer = ({ publicKey, endpoint, allowedNetworks, keepaliveSeconds }: PeerFacts): string[] => [
  'peer',
  publicKey,
  ...(endpoint === null ? [] : ['endpoint', endpoint]),
  'persistent-keepalive',
  String(keepaliveSeconds),
  'allowed-ips',
  allowedNetworks.join(','),
]

/**
 * Arguments of `wg set` (`wg(8)`) that lead from `was` to `to`. Peers that stay are updated, not replaced. A new private
 * key is read from stdin; nothing here is secret. Pure.
 */
export const renderWgSet = (name: string, to: WireGuardFacts, was: WireGuardFacts | null): string[] => [
  'set',
  name,
  'listen-port',
  String(to.listenPort),
  ...(to.publicKey === was?.publicKey ? [] : ['private-key', '/dev/stdin']),
  ...gonePeers(to, was).flatMap((publicKey) => ['peer', publicKey, 'remove']),
  ...to.peers.flatMap(wgPeer),
]
