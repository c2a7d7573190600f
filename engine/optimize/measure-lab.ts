import { MoleError } from '../../contract/errors.ts'
import type { HelperClient } from '../cloud/provider.ts'
import type { Measuring } from './subject.ts'

/** Fewer leave tunnels idle by chance; more take turns on the cores of one machine. */
const STREAMS_PER_TUNNEL = 2
const MOST_STREAMS = 64

/** Connections that fill so many tunnels. */
export const streamsFor = (tunnels: number): number => Math.min(MOST_STREAMS, tunnels * STREAMS_PER_TUNNEL)

/** Goodput to the lab's research resource, as the helper's iperf3 reports it; bits per second. @throws MoleError. */
export const measureLab = async (
  helper: HelperClient,
  bastionId: string,
  tunnels: number,
  { seconds, streams = streamsFor(tunnels), protocol = 'tcp' }: Measuring,
  signal: AbortSignal,
): Promise<number> => {
  const order = { bastionId, streams, durationSeconds: seconds, direction: 'upload', protocol } as const
  for await (const event of helper.stream('lab.traffic', order, { signal }))
    if (event.kind === 'report') return event.bitsPerSecond
  signal.throwIfAborted()
  throw new MoleError('not-available', 'The measurement ended without a result.', { field: 'iperf3' })
}
