import type { ProbeRequest } from '../../../domain/probe/request.ts'

/** About how long each part takes beside its runs, s: what it took where it was tried. */
const QUICK = { interface: 0.5, mtu: 2, latency: 3 } as const
/** A run's start, which is left out of its figures, and what lies between two. */
const RUN_SETTLES = 2
/** Steps of UDP, which go one way, and how long each is. */
const UDP_STEPS = 7
const UDP_STEP = 2

type Asked = Pick<ProbeRequest, 'parts' | 'streams' | 'directions' | 'seconds' | 'udp'>

/** About how long runs that fill the path take, ms. */
export const loadMs = ({ parts, streams, directions, seconds, udp }: Asked): number =>
  parts.includes('bandwidth')
    ? 1000 * (directions.length * streams.length * (seconds + RUN_SETTLES) + (udp ? UDP_STEPS * UDP_STEP : 0))
    : 0

/** About how long a probe takes, ms. */
export const spanMs = (request: Asked): number =>
  loadMs(request) +
  1000 *
    (['interface', 'mtu', 'latency'] as const).reduce(
      (sum, part) => sum + (request.parts.includes(part) ? QUICK[part] : 0),
      0,
    )
