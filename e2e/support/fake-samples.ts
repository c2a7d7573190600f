import type { DeploymentView, TelemetrySample, TrafficState } from '../../contract/app.ts'

/** Made-up but plausible: slow waves, the same at the same time. */
const wave = (seconds: number, slot: number): number =>
  0.9 + 0.06 * Math.sin(seconds / 7 + slot * 1.7) + 0.04 * Math.sin(seconds / 2.3 + slot * 0.6)

const ECHO_BITS = 1400

/** What the panel would be told at `atMs` of this deployment under this traffic. */
export const fakeSample = (view: DeploymentView, traffic: TrafficState, atMs: number): TelemetrySample => {
  const rate = view.plan?.labPathRateBitsPerSecond ?? 200_000_000
  const seconds = Math.round(atMs / 1000)
  const carrying = view.tunnels.filter(({ carries, pathBroken }) => carries && !pathBroken)
  // What a dead tunnel carried rides the others, as far as they have room.
  const share = view.plan?.target === 'lab' ? (traffic.latestBitsPerSecond ?? Infinity) / carrying.length : Infinity
  return {
    atMs,
    tunnels: view.tunnels.map((tunnel) => {
      const carried =
        traffic.running && carrying.includes(tunnel) ? Math.min(rate * 0.92, share) * wave(seconds, tunnel.slot) : 0
      const loss = tunnel.health === 'degraded' ? 0.12 : traffic.running && tunnel.slot === 2 ? 0.004 : 0
      const [up, down] = traffic.direction === 'download' ? [0.012, 1] : [1, 0.012]
      return {
        slot: tunnel.slot,
        upBitsPerSecond: Math.round(tunnel.pathBroken ? 0 : carried * up + ECHO_BITS),
        downBitsPerSecond: Math.round(tunnel.pathBroken ? 0 : carried * down + ECHO_BITS),
        rttMs: tunnel.pathBroken ? null : (traffic.running ? 11 : 0.4) * wave(seconds + 3, tunnel.slot),
        lossRatio: tunnel.pathBroken ? 1 : loss,
        handshakeAgeSeconds: (seconds + tunnel.slot * 17) % 120,
        upBytes: 1_830_000_000 + tunnel.slot * 13_000_000,
        downBytes: 24_000_000 + tunnel.slot * 700_000,
      }
    }),
  }
}

/** `seconds` of the past: quiet, then traffic, so that the chart has a shape. */
export const fakeHistory = (
  view: DeploymentView,
  traffic: TrafficState,
  nowMs: number,
  seconds: number,
): TelemetrySample[] =>
  Array.from({ length: seconds }, (_, index) => {
    const age = seconds - index
    const quiet = age > 46 || (age < 30 && age > 27)
    return fakeSample(view, quiet ? { ...traffic, running: false } : traffic, nowMs - age * 1000)
  })
