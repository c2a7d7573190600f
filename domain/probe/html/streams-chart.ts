import { renderBitRate } from '../../planner/figures.ts'
import { axisTicks, readableCeiling } from '../../series.ts'
import type { ScalingCurve } from '../analysis.ts'
import { fitCurve } from '../fit-curve.ts'
import { html, type Markup, NOTHING } from './markup.ts'

const WIDTH = 720
const HEIGHT = 280
const LEFT = 90
const RIGHT = 100
const TOP = 16
const BOTTOM = 42
const STEPS = 60

type Scale = { readonly x: (streams: number) => number; readonly y: (bitsPerSecond: number) => number }

const coordinate = (value: number): string => value.toFixed(1)

const scaleOf = (most: number, top: number): Scale => ({
  // Doublings lie equally far apart, as they were tried.
  x: (streams) => LEFT + (Math.log2(streams) / Math.max(1, Math.log2(most))) * (WIDTH - LEFT - RIGHT),
  y: (bitsPerSecond) => HEIGHT - BOTTOM - (bitsPerSecond / top) * (HEIGHT - TOP - BOTTOM),
})

const fitted = ({ points }: ScalingCurve, { x, y }: Scale, most: number): string => {
  const fit = fitCurve(points)
  if (fit === null) return ''
  return Array.from({ length: STEPS + 1 }, (_, step) => most ** (step / STEPS))
    .map((streams, at) => `${at === 0 ? 'M' : 'L'}${coordinate(x(streams))} ${coordinate(y(fit.at(streams)))}`)
    .join('')
}

const curveOf = (curve: ScalingCurve, scale: Scale, most: number, at: number): Markup => {
  const { direction, points } = curve
  const last = points.at(-1)
  const labelY = last === undefined ? 0 : scale.y(last.bitsPerSecond) + 4 + at * 14
  return html`<path class="${direction}" stroke-width="2" stroke-dasharray="5 4" d="${fitted(curve, scale, most)}"/>
${points.map(({ streams, bitsPerSecond }) => html`<circle class="dot ${direction}" stroke-width="2" cx="${coordinate(scale.x(streams))}" cy="${coordinate(scale.y(bitsPerSecond))}" r="${direction === 'upload' ? 4 : 6}"/>`)}
<text class="${direction}" x="${WIDTH - RIGHT + 10}" y="${coordinate(labelY)}">${direction}</text>\n`
}

/** Goodput over streams, what was measured as dots and the fitted curve as a broken line. */
export const streamsChart = (curves: readonly ScalingCurve[]): Markup => {
  const points = curves.flatMap((curve) => curve.points)
  if (points.length === 0) return NOTHING
  const most = Math.max(2, ...points.map(({ streams }) => streams))
  const top = readableCeiling(Math.max(...points.map(({ bitsPerSecond }) => bitsPerSecond)) * 1.05)
  const scale = scaleOf(most, top)
  const counts = [...new Set(points.map(({ streams }) => streams))]
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Goodput over the number of streams">
${axisTicks(top).map((tick) => html`<line class="rule" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${coordinate(scale.y(tick))}" y2="${coordinate(scale.y(tick))}"/><text class="faint" text-anchor="end" x="${LEFT - 8}" y="${coordinate(scale.y(tick) + 4)}">${tick === 0 ? '0' : renderBitRate(tick)}</text>`)}
${counts.map((streams) => html`<text class="faint" text-anchor="middle" x="${coordinate(scale.x(streams))}" y="${HEIGHT - BOTTOM + 18}">${streams}</text>`)}
<text class="faint" text-anchor="middle" x="${coordinate((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 6}">streams</text>
${curves.map((curve, at) => curveOf(curve, scale, most, at))}</svg>
<figcaption>Goodput over parallel TCP streams. Dots were measured; the broken line is fitted to them.</figcaption></figure>`
}
