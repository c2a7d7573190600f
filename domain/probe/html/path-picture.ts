import type { Bottleneck } from '../analysis.ts'
import { BOTTLENECK_PLACES, type PathPlace } from '../bottleneck-places.ts'
import { BOTTLENECK_NAMES } from '../describe.ts'
import { html, type Markup } from './markup.ts'

const WIDTH = 720
/** Down to the first line below the boxes, and each further one. */
const HEIGHT = 77
const LINE = 15
const GAP = 24

const PLACES: readonly { readonly place: PathPlace; readonly name: string }[] = [
  { place: 'application', name: 'Application, disk' },
  { place: 'host', name: 'This host' },
  { place: 'interface', name: 'Interface' },
  { place: 'path', name: 'Path' },
  { place: 'far-end', name: 'Far end' },
]

const BOX = (WIDTH - GAP * (PLACES.length - 1)) / PLACES.length

/** The way from the application to the far end, with what limits marked. */
export const pathPicture = (bottlenecks: readonly Bottleneck[]): Markup => {
  const limitsAt = (place: PathPlace): string[] => [
    ...new Set(
      bottlenecks.filter(({ name }) => BOTTLENECK_PLACES[name] === place).map(({ name }) => BOTTLENECK_NAMES[name]),
    ),
  ]
  const lines = Math.max(1, ...PLACES.map(({ place }) => limitsAt(place).length))
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT + LINE * (lines - 1)}" role="img" aria-label="The way from the application to the far end">
${PLACES.map(({ place, name }, at) => {
  const x = at * (BOX + GAP)
  const limits = limitsAt(place)
  return html`<rect class="box ${limits.length === 0 ? '' : 'bad'}" x="${x + 1}" y="8" width="${BOX - 2}" height="40" rx="6"/>
<text text-anchor="middle" x="${x + BOX / 2}" y="32">${name}</text>${limits.map((limit, line) => html`<text class="faint" text-anchor="middle" x="${x + BOX / 2}" y="${66 + LINE * line}">${limit}</text>`)}
${at === 0 ? null : html`<line class="rule" x1="${x - GAP}" x2="${x}" y1="28" y2="28" stroke-width="2"/>`}`
})}</svg></figure>`
}
