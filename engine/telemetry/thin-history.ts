import type { TelemetrySample, TunnelSample } from '../../contract/app.ts'

/** Tunnel samples in one event: about 170 bytes of JSON each, and a frame holds 1 MiB (contract/limits.ts). */
const MAX_TUNNEL_SAMPLES = 4800

const mean = (values: readonly number[]): number =>
  Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)

const mergeTunnel = (last: TunnelSample, bucket: readonly TelemetrySample[]): TunnelSample => {
  const same = bucket.flatMap(({ tunnels }) => tunnels.filter(({ slot }) => slot === last.slot))
  return {
    ...last,
    upBitsPerSecond: mean(same.map(({ upBitsPerSecond }) => upBitsPerSecond)),
    downBitsPerSecond: mean(same.map(({ downBitsPerSecond }) => downBitsPerSecond)),
  }
}

const mergeBucket = (bucket: readonly TelemetrySample[]): TelemetrySample[] => {
  const last = bucket.at(-1)
  return last === undefined
    ? []
    : [{ atMs: last.atMs, tunnels: last.tunnels.map((tunnel) => mergeTunnel(tunnel, bucket)) }]
}

/** A history small enough for one frame: neighbouring samples are merged (mean rates, last state) where there are too many. */
export const thinned = (samples: readonly TelemetrySample[], limit: number = MAX_TUNNEL_SAMPLES): TelemetrySample[] => {
  const total = samples.reduce((sum, { tunnels }) => sum + Math.max(1, tunnels.length), 0)
  const size = Math.ceil(total / limit)
  if (size <= 1) return [...samples]
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    mergeBucket(samples.slice(index * size, (index + 1) * size)),
  ).flat()
}
