import type { TunnelSample } from '../../../contract/app.ts'
import { tunnelGoodput } from './totals.ts'

/** Which goodput a chart shows. */
export type Direction = 'both' | 'up' | 'down'

const READERS: Record<Direction, (tunnel: TunnelSample) => number> = {
  both: tunnelGoodput,
  up: (tunnel) => tunnel.upBitsPerSecond,
  down: (tunnel) => tunnel.downBitsPerSecond,
}

export const goodputOf = (direction: Direction): ((tunnel: TunnelSample) => number) => READERS[direction]
