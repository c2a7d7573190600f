import { describeRung, renderMs } from '../describe.ts'
import type { MtuResult, RegionLatency, Rung } from '../path.ts'
import { html, type Markup, NOTHING } from './markup.ts'

const WIDTH = 720
const LABEL = 130
const VALUES = 270
const ROW = 24

type Bar = { readonly label: string; readonly share: number; readonly text: string; readonly kind: string }

const barRow = ({ label, share, text, kind }: Bar, at: number): Markup => {
  const width = Math.max(2, share * (WIDTH - LABEL - VALUES))
  return html`<text text-anchor="end" x="${LABEL - 10}" y="${at * ROW + 16}">${label}</text><rect class="bar ${kind}" x="${LABEL}" y="${at * ROW + 4}" width="${width.toFixed(1)}" height="${ROW - 9}" rx="3"/><text class="faint" x="${(LABEL + width + 8).toFixed(1)}" y="${at * ROW + 16}">${text}</text>\n`
}

const bars = (rows: readonly Bar[], name: string): Markup =>
  rows.length === 0
    ? NOTHING
    : html`<figure><svg viewBox="0 0 ${WIDTH} ${rows.length * ROW + 4}" role="img" aria-label="${name}">
${rows.map(barRow)}</svg></figure>`

/** The sizes people asked for, the largest that passed and the smallest that did not: the steps of the search between them say no more. */
const tellingRungs = (mtu: MtuResult, asked: readonly number[]): Rung[] => {
  const found = mtu.mtuBytes.value
  const above = mtu.rungs
    .filter(({ bytes, outcome }) => bytes > found && outcome !== 'passed')
    .map(({ bytes }) => bytes)
  const told = new Set([...asked, found, ...(above.length === 0 ? [] : [Math.min(...above)])])
  const rungs = mtu.rungs.filter(({ bytes }) => told.has(bytes)).toSorted((a, b) => b.bytes - a.bytes)
  return rungs.filter(({ bytes }, at) => bytes !== rungs[at - 1]?.bytes)
}

/** Packet sizes, the largest first, and what became of them. */
export const mtuLadder = (mtu: MtuResult, asked: readonly number[]): Markup => {
  const rungs = tellingRungs(mtu, asked)
  const most = Math.max(...rungs.map(({ bytes }) => bytes), 1)
  const rows = rungs.map((rung) => ({
    label: `${rung.bytes} bytes`,
    share: rung.bytes / most,
    text: describeRung(rung),
    kind: rung.outcome === 'passed' ? 'passed' : 'failed',
  }))
  return bars(rows, 'Packet sizes that were tried')
}

/** Regions, the nearest first. */
export const regionBars = (regions: readonly RegionLatency[]): Markup => {
  const reached = regions.flatMap(({ region, trips }) => (trips === null ? [] : [{ region, trips }]))
  const most = Math.max(...reached.map(({ trips }) => trips.medianMs.value), 1)
  const rows = reached
    .toSorted((a, b) => a.trips.medianMs.value - b.trips.medianMs.value)
    .map(({ region, trips }) => ({
      label: region,
      share: trips.medianMs.value / most,
      text: `${renderMs(trips.medianMs.value)}, 95 % within ${renderMs(trips.p95Ms.value)}`,
      kind: '',
    }))
  return bars(rows, 'Round trips to regions')
}
