import { ProbeRequest } from '../probe/request.ts'
import type { Config } from './schema.ts'

const MS_PER_SECOND = 1000
/** Largest IP packet of Ethernet without jumbo frames, bytes (IEEE 802.3). */
const ETHERNET_MTU = 1500

const rungsOf = ({ mtu_range: rungs, enable_jumbo_frames: jumbo }: Config['probing']): number[] => {
  if (jumbo) return rungs
  const ordinary = rungs.filter((bytes) => bytes <= ETHERNET_MTU)
  return ordinary.length === 0 ? [ETHERNET_MTU] : ordinary
}

/** What a configuration asks of a probe. What it is measured towards, whoever asks for the probe says. */
export const probeOf = ({ probing }: Config): Omit<ProbeRequest, 'target'> =>
  ProbeRequest.omit({ target: true }).parse({
    mtuRungs: rungsOf(probing),
    streams: probing.parallel_streams,
    seconds: Math.ceil(probing.test_duration / MS_PER_SECOND),
  })
