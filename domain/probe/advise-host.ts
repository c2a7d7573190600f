import { renderBitRate } from '../planner/figures.ts'
import type { BottleneckName, Recommendation } from './analysis.ts'
import { renderMs, renderSize } from './describe.ts'
import { percent } from './evidence.ts'
import type { Grounds } from './recommend.ts'

const MEBIBYTE = 2 ** 20
/** The most whole MiB that a socket may be given: the kernel keeps the bytes in 31 bits. */
export const MOST_BUFFER_BYTES = 2 ** 31 - MEBIBYTE
/** Cores that pinning leaves to everything else (`optimization.reserve_cores`). */
const RESERVED_CORES = 2

const limitedBy = ({ analysis }: Grounds, ...names: readonly BottleneckName[]): boolean =>
  analysis.bottlenecks.some(({ name }) => names.includes(name))

/** Whether one connection should use all tunnels. */
export const adviseMptcp = (grounds: Grounds, tunnels: number | null): Recommendation['mptcp'] => {
  const has = grounds.interface?.mptcp.value ?? null
  const key = 'mptcp.enable'
  if (tunnels === null) return null
  if (tunnels === 1) return { value: false, reason: 'One tunnel leaves nothing to aggregate.', key }
  if (has === null) return null
  if (!has) return { value: false, reason: 'This kernel has no Multipath TCP.', key }
  return {
    value: true,
    reason: `One connection rides one tunnel; over ${tunnels} of them it needs Multipath TCP to use more than one.`,
    key,
  }
}

/** Which congestion control, by what losses mean here. */
export const adviseCongestion = (grounds: Grounds): Recommendation['congestionControl'] => {
  const facts = grounds.interface
  const current = facts?.congestionControl.value ?? null
  const available = facts?.congestionControls.value ?? null
  const lost = grounds.analysis.lossRatio?.value ?? null
  const key = 'optimization.tcp_congestion'
  if (grounds.bandwidth === null || current === null) return null
  if (!limitedBy(grounds, 'loss') || lost === null)
    return { value: current, reason: `Losses do not hold it back, so ${current} stays.`, key }
  if (available !== null && !available.includes('bbr'))
    return {
      value: current,
      reason: `${percent(lost)} are lost with nothing full, which BBR would bear, but this kernel has not loaded it (tcp_bbr).`,
      key: null,
    }
  return {
    value: 'bbr',
    reason: `${percent(lost)} are lost with nothing full; BBR does not take that for a full path, ${current === 'bbr' ? 'and is in use' : `${current} does`}.`,
    key,
  }
}

/** What a connection has under way, bytes. */
const productOf = (bitsPerSecond: number, rttMs: number): number => (bitsPerSecond * rttMs) / 8000

/** Twice that: half of a buffer may be overhead (`tcp_adv_win_scale`, `tcp(7)`). In whole MiB. */
const buffersFor = (productBytes: number): number =>
  Math.min(MOST_BUFFER_BYTES, Math.max(1, Math.ceil((2 * productBytes) / MEBIBYTE)) * MEBIBYTE)

/** Largest socket buffers, by the bandwidth-delay product of one connection. */
export const adviseBuffers = ({ analysis, latency, interface: facts }: Grounds): Recommendation['bufferBytes'] => {
  const rate = analysis.flowBitsPerSecond?.value ?? analysis.pathBitsPerSecond?.value ?? null
  const rttMs = latency?.target?.medianMs.value ?? null
  if (rate === null || rttMs === null) return null
  const bytes = productOf(rate, rttMs)
  const value = buffersFor(bytes)
  const [receive, send] = [facts?.tcpReceiveBufferBytes.value, facts?.tcpSendBufferBytes.value]
  const product = `${renderBitRate(rate)} at a round trip of ${renderMs(rttMs)} is ${renderSize(Math.round(bytes))} under way`
  if (receive != null && send != null && Math.min(receive, send) >= value)
    return {
      value,
      reason: `${product}, and a buffer should hold twice that; this host's ${renderSize(Math.min(receive, send))} are enough.`,
      key: null,
    }
  return { value, reason: `${product}, and a buffer should hold twice that.`, key: 'optimization.buffer_sizes' }
}

/** Whether each tunnel should have cores of its own. */
export const advisePinning = (grounds: Grounds, tunnels: number | null): Recommendation['pinning'] => {
  const cores = grounds.interface?.cores.value ?? null
  const key = 'optimization.enable_process_pinning'
  if (cores === null || tunnels === null || grounds.bandwidth === null) return null
  if (cores < tunnels + RESERVED_CORES)
    return {
      value: false,
      reason: `${cores} ${cores === 1 ? 'core is' : 'cores are'} too few for ${tunnels === 1 ? 'a tunnel' : `${tunnels} tunnels`} and ${RESERVED_CORES} in reserve.`,
      key,
    }
  return limitedBy(grounds, 'sender-cpu', 'receiver-cpu')
    ? {
        value: true,
        reason: 'The processor limits, and there are cores for each tunnel; measured again when tried.',
        key,
      }
    : { value: false, reason: 'The processor does not limit, and pinning is not always a gain.', key }
}
