import { memo, useEffect, useRef } from 'react'
import { whileVisible } from '../../ui/while-visible.ts'
import { useTelemetry } from '../telemetry/telemetry-store.ts'
import { tunnelGoodput } from '../telemetry/totals.ts'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'

const WIDTH = 110
const HEIGHT = 22
const SECONDS = 60
const LOWEST_TOP = 1_000_000

/** Goodput of one tunnel over the last minute, all rows to the same scale: the busiest tunnel's. */
const paintLine = (slot: number): string => {
  const { samples, latest } = useTelemetry.getState()
  if (latest === null) return ''
  const recent = samples.filter((sample) => sample.atMs > latest.atMs - SECONDS * 1000)
  const top = Math.max(LOWEST_TOP, ...recent.flatMap((sample) => sample.tunnels.map(tunnelGoodput)))
  const points = recent.flatMap((sample) => {
    const tunnel = sample.tunnels.find((each) => each.slot === slot)
    if (tunnel === undefined) return []
    const x = WIDTH * (1 - (latest.atMs - sample.atMs) / (SECONDS * 1000))
    return [`${x.toFixed(1)} ${(1 + (HEIGHT - 2) * (1 - tunnelGoodput(tunnel) / top)).toFixed(1)}`]
  })
  return points.length === 0 ? '' : `M${points.join('L')}`
}

export const Sparkline = memo(({ slot }: { readonly slot: number }) => {
  const path = useRef<SVGPathElement>(null)
  useEffect(() => {
    const line = path.current
    if (line === null) return
    return whileVisible(
      line,
      () => line.setAttribute('d', paintLine(slot)),
      (listener) => useTelemetry.subscribe(listener),
    )
  }, [slot])
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path ref={path} fill="none" stroke={tunnelColour(slot)} strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  )
})
Sparkline.displayName = 'Sparkline'
