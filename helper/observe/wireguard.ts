import { hash } from 'node:crypto'
import { OURS } from '../../domain/ours.ts'
import type { System } from '../system.ts'
import { publicKeyOf } from '../x25519.ts'
import type { Flavour, PeerFacts, WireGuardFacts } from './facts.ts'

/** Settings of one interface, and when each peer last shook hands. */
export type WireGuardReading = {
  readonly settings: WireGuardFacts
  /** Unix time in seconds by the peer's public key; only peers that ever did. */
  readonly handshakes: ReadonlyMap<string, number>
}

type PeerReading = PeerFacts & { readonly handshakeAt: number }

const reading = (publicKey: string | null, listenPort: number, peers: readonly PeerReading[]): WireGuardReading => ({
  settings: { publicKey, listenPort, peers: peers.map(({ handshakeAt: _, ...peer }) => peer) },
  handshakes: new Map(
    peers.flatMap(({ publicKey, handshakeAt }) => (handshakeAt > 0 ? [[publicKey, handshakeAt]] : [])),
  ),
})

const MOST_REMEMBERED = 256
const remembered = new Map<string, string>()

/** A public key is reckoned once: 0.2 ms each time would be felt with 64 tunnels. The private key itself is not kept. */
const rememberedPublicKey = (privateKey: string): string => {
  const digest = hash('sha256', privateKey)
  const publicKey = remembered.get(digest) ?? publicKeyOf(privateKey)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(digest, publicKey)
  return publicKey
}

const hexToBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
const isZero = (hex: string): boolean => /^0*$/.test(hex)

/** Reads the answer to `get=1` (https://www.wireguard.com/xplatform/). The private key in it goes no further. Pure. */
export const parseUapiGet = (answer: string): WireGuardReading => {
  const pairs = answer.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
  })
  const starts = pairs.flatMap(([key], at) => (key === 'public_key' ? [at] : []))
  const own = new Map(pairs.slice(0, starts[0] ?? pairs.length))
  const privateKey = own.get('private_key') ?? ''
  const peers = starts.map((start, nth) => parseUapiPeer(pairs.slice(start, starts[nth + 1] ?? pairs.length)))
  const publicKey = isZero(privateKey) ? null : rememberedPublicKey(hexToBase64(privateKey))
  return reading(publicKey, Number(own.get('listen_port') ?? 0), peers)
}

const parseUapiPeer = (pairs: readonly (readonly [string, string])[]): PeerReading => {
  const values = new Map(pairs)
  return {
    publicKey: hexToBase64(values.get('public_key') ?? ''),
    endpoint: values.get('endpoint') ?? null,
    allowedNetworks: pairs.flatMap(([key, value]) => (key === 'allowed_ip' ? [value] : [])).toSorted(),
    keepaliveSeconds: Number(values.get('persistent_keepalive_interval') ?? 0),
    handshakeAt: Number(values.get('last_handshake_time_sec') ?? 0),
  }
}

const none = (text: string | undefined): string | null => (text === undefined || text === '(none)' ? null : text)

/** Reads `wg show all dump` (`wg(8)`): one line an interface, then one a peer. Pure. */
export const parseWgDump = (dump: string): Map<string, WireGuardReading> => {
  const rows = dump.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]))
  const peersOf = (name: string): PeerReading[] =>
    rows.filter((row) => row.length === 9 && row[0] === name).map(parseDumpPeer)
  const interfaces = rows.filter((row) => row.length === 5)
  return new Map(
    interfaces.map(([name = '', , publicKey, port]) => [name, reading(none(publicKey), Number(port), peersOf(name))]),
  )
}

const parseDumpPeer = ([, publicKey = '', , endpoint, allowed, handshake, , , keepalive]: string[]): PeerReading => ({
  publicKey,
  endpoint: none(endpoint),
  allowedNetworks: (none(allowed)?.split(',') ?? []).toSorted(),
  keepaliveSeconds: keepalive === 'off' ? 0 : Number(keepalive),
  handshakeAt: Number(handshake),
})

const readKernel = async ({ runner }: System): Promise<Map<string, WireGuardReading>> => {
  const { stdout, code } = await runner.run('wg', ['show', 'all', 'dump'])
  return code === 0 ? parseWgDump(stdout) : new Map()
}

const readUserspace = async ({ uapi }: System, name: string): Promise<WireGuardReading | null> => {
  try {
    return parseUapiGet(await uapi(name, 'get=1\n'))
  } catch {
    return null // Nobody serves it; the caller sees an interface without settings.
  }
}

/** Settings and handshakes of each interface; one that nobody serves is left out. */
export const observeWireGuard = async (
  system: System,
  links: readonly { readonly name: string; readonly flavour: Flavour }[],
): Promise<Map<string, WireGuardReading>> => {
  const ours = links.filter(({ name }) => name.startsWith(OURS.interfacePrefix))
  const kernel = ours.some(({ flavour }) => flavour === 'kernel') ? readKernel(system) : new Map()
  const userspace = ours
    .filter(({ flavour }) => flavour === 'userspace')
    .map(async ({ name }) => [name, await readUserspace(system, name)] as const)
  const readings = [...(await kernel), ...(await Promise.all(userspace))]
  return new Map(readings.filter((entry): entry is [string, WireGuardReading] => entry[1] !== null))
}
