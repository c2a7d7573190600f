import type { TelemetrySample, TunnelSample } from '../../../contract/app.ts'
import { median } from '../../../domain/series.ts'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

export const tunnelGoodput = (tunnel: TunnelSample): number => tunnel.upBitsPerSecond + tunnel.downBitsPerSecond

/** Payload over all tunnels, both ways. */
export const totalGoodput = (sample: TelemetrySample): number => sum(sample.tunnels.map(tunnelGoodput))

export type Totals = {
  readonly upBitsPerSecond: number
  readonly downBitsPerSecond: number
  readonly upBytes: number
  readonly downBytes: number
  /** Median over the tunnels that answer. */
  readonly rttMs: number | null
  /** Mean over the tunnels that were measured: what a packet spread over all of them meets. */
  readonly lossRatio: number | null
}

const measured = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

export const totalsOf = ({ tunnels }: TelemetrySample): Totals => {
  const losses = measured(tunnels.map((tunnel) => tunnel.lossRatio))
  return {
    upBitsPerSecond: sum(tunnels.map((tunnel) => tunnel.upBitsPerSecond)),
    downBitsPerSecond: sum(tunnels.map((tunnel) => tunnel.downBitsPerSecond)),
    upBytes: sum(tunnels.map((tunnel) => tunnel.upBytes)),
    downBytes: sum(tunnels.map((tunnel) => tunnel.downBytes)),
    rttMs: median(measured(tunnels.map((tunnel) => tunnel.rttMs))),
    lossRatio: losses.length === 0 ? null : sum(losses) / losses.length,
  }
}
