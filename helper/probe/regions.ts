import { Resolver } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import type { MeasureRequest } from '../../contract/probe.ts'
import type { RegionLatency } from '../../domain/probe/path.ts'
import type { MeasureContext } from './context.ts'
import { type Knock, knock } from './knock.ts'
import { summariseTrips } from './path/round-trips.ts'
import { measured } from './source.ts'

export type RegionsRequest = Extract<MeasureRequest, { do: 'regions' }>
type Endpoint = RegionsRequest['endpoints'][number]

/** Enough for all regions to be done within seconds, and few enough not to be taken for a scan of ports. */
const REGIONS_AT_ONCE = 16
/** Who has not answered so often does not. */
const SILENT_KNOCKS = 2

const DNS_LIMIT_MS = 1200

/**
 * Address of an endpoint; `null` where DNS knows none. Asked once, so that the time it takes is in no figure; and asked of
 * the servers themselves, as the system's own look-up does but four at a time.
 */
const resolve = async (host: string, resolver: Resolver): Promise<string | null> => {
  if (isIPv4(host)) return host
  const addresses = await resolver.resolve4(host).catch(() => [])
  return addresses[0] ?? null
}

const REFUSED = 'ECONNREFUSED'

const WHY: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'it does not answer',
  // No time is taken of that: a firewall nearby may be who refused.
  [REFUSED]: 'it, or a firewall on the way, refuses the connection',
  ENETUNREACH: 'no route leads to it',
  EHOSTUNREACH: 'it cannot be reached',
  EACCES: 'a rule of this host forbids it',
  EPERM: 'a firewall rule of this host forbids it',
}

const unreachable = (endpoint: Endpoint, why: string): RegionLatency => ({
  region: endpoint.region,
  endpoint: `${endpoint.host}:${endpoint.port}`,
  trips: null,
  problem: `${endpoint.host}: ${why}.`,
})

const knockAt = async (endpoint: Endpoint, address: string, samples: number, signal: AbortSignal) => {
  const met: Knock[] = []
  for (let count = 0; count < samples && !signal.aborted; count += 1) {
    met.push(await knock(address, endpoint.port, signal))
    if (met.length >= SILENT_KNOCKS && met.every(({ is }) => is !== 'connected')) break
  }
  return met
}

const measureRegion = async (
  endpoint: Endpoint,
  address: string | null,
  samples: number,
  signal: AbortSignal,
): Promise<RegionLatency> => {
  if (address === null) return unreachable(endpoint, 'DNS knows no IPv4 address of it')
  const met = await knockAt(endpoint, address, samples, signal)
  const times = met.flatMap((one) => (one.is === 'connected' ? [one.ms] : []))
  const from = measured(
    `${times.length} of ${met.length} knocks at ${address}, port ${endpoint.port}: the time a TCP connection takes`,
  )
  const trips = summariseTrips(times, { by: 'tcp', sent: met.length, from })
  if (trips === null) {
    const code = met.flatMap((one) => (one.is === 'failed' ? [one.code] : [REFUSED]))[0] ?? 'ETIMEDOUT'
    return unreachable(endpoint, WHY[code] ?? code)
  }
  return { region: endpoint.region, endpoint: `${endpoint.host}:${endpoint.port}`, trips, problem: null }
}

/** Knocks at each region's endpoint; each is told as it is done. */
export const measureRegions = async (
  { endpoints, samples }: RegionsRequest,
  { emit, signal }: Pick<MeasureContext, 'emit' | 'signal'>,
): Promise<void> => {
  const say = (done: number): void =>
    emit({
      kind: 'doing',
      text: endpoints.length === 1 ? 'Knocking at the region' : `Knocking at ${endpoints.length} regions`,
      progressRatio: endpoints.length === 0 ? 1 : done / endpoints.length,
    })
  say(0)
  const resolver = new Resolver({ timeout: DNS_LIMIT_MS, tries: 1 })
  signal.addEventListener('abort', () => resolver.cancel())
  const addresses = await Promise.all(endpoints.map(({ host }) => resolve(host, resolver)))
  const waiting = [...endpoints.entries()]
  let done = 0
  const takeTurns = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [index, endpoint] = next
      const region = await measureRegion(endpoint, addresses[index] ?? null, samples, signal)
      if (signal.aborted) return
      emit({ kind: 'region', region })
      done += 1
      say(done)
    }
  }
  await Promise.all(Array.from({ length: REGIONS_AT_ONCE }, takeTurns))
}
