import { renderBitRate } from '../planner/figures.ts'
import { BOTTLENECK_NAMES, renderMs, renderRatio } from './describe.ts'
import type { ProbeReport } from './report.ts'
import { bestGoodput } from './summarise.ts'

/** A row of two probes side by side; `null` where a probe does not say. */
export type ComparisonRow = {
  readonly name: string
  readonly first: string | null
  readonly second: string | null
  /** From the first to the second: `+12 %`, `−8` (bytes), `changed`, `same`; `null` where nothing can be said. */
  readonly change: string | null
}

/** Less than this differs by itself from one time to the next. */
const SAME_SHARE = 0.02

const signed = (first: number, second: number): string => {
  if (first === second || (first !== 0 && Math.abs(second / first - 1) < SAME_SHARE)) return 'same'
  if (first === 0) return 'changed'
  const percent = Math.round((second / first - 1) * 100)
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}

/** Of what is exact: 1500 and 1492 bytes are not the same. */
const exactly = (first: number, second: number): string => {
  const said = signed(first, second)
  if (said !== 'same' || first === second) return said
  return `${second > first ? '+' : '−'}${Math.abs(second - first)}`
}

type Pick<Value> = (report: ProbeReport) => Value | null

const numbers =
  (name: string, pick: Pick<number>, text: (value: number) => string, change = signed) =>
  (first: ProbeReport, second: ProbeReport): ComparisonRow => {
    const [a, b] = [pick(first), pick(second)]
    return {
      name,
      first: a === null ? null : text(a),
      second: b === null ? null : text(b),
      change: a === null || b === null ? null : change(a, b),
    }
  }

const words =
  (name: string, pick: Pick<string>) =>
  (first: ProbeReport, second: ProbeReport): ComparisonRow => {
    const [a, b] = [pick(first), pick(second)]
    return { name, first: a, second: b, change: a === null || b === null ? null : a === b ? 'same' : 'changed' }
  }

const bytes = (value: number): string => `${value} bytes`

const ROWS = [
  words('Target', ({ targetName }) => targetName),
  words('Interface', ({ interface: part }) => part.result?.name ?? null),
  numbers('Path MTU', ({ mtu }) => mtu.result?.mtuBytes.value ?? null, bytes, exactly),
  numbers('Round trip, median', ({ latency }) => latency.result?.target?.medianMs.value ?? null, renderMs),
  numbers('Best goodput', bestGoodput, renderBitRate),
  numbers('Rate of the path', ({ analysis }) => analysis?.pathBitsPerSecond?.value ?? null, renderBitRate),
  numbers('Rate of one flow', ({ analysis }) => analysis?.flowBitsPerSecond?.value ?? null, renderBitRate),
  numbers('Loss', ({ analysis }) => analysis?.lossRatio?.value ?? null, renderRatio),
  words('What limits', ({ analysis }) => {
    const name = analysis?.bottlenecks[0]?.name
    return name === undefined ? null : BOTTLENECK_NAMES[name]
  }),
  numbers('Tunnels recommended', ({ recommendation }) => recommendation?.tunnels?.value ?? null, String, exactly),
] as const

const streamRows = (first: ProbeReport, second: ProbeReport): ComparisonRow[] => {
  const keys = [first, second].flatMap(({ bandwidth }) =>
    (bandwidth.result?.runs ?? []).map(({ direction, streams }) => `${direction} ${streams}`),
  )
  return [...new Set(keys)].map((key) => {
    const [direction = '', streams = ''] = key.split(' ')
    const pick: Pick<number> = ({ bandwidth }) =>
      bandwidth.result?.runs.find((run) => run.direction === direction && String(run.streams) === streams)
        ?.goodputBitsPerSecond.value ?? null
    const name = `${direction === 'upload' ? 'Upload' : 'Download'}, ${streams} ${streams === '1' ? 'stream' : 'streams'}`
    return numbers(name, pick, renderBitRate)(first, second)
  })
}

const regionRows = (first: ProbeReport, second: ProbeReport): ComparisonRow[] => {
  const names = [first, second].flatMap(({ latency }) => (latency.result?.regions ?? []).map(({ region }) => region))
  return [...new Set(names)].map((region) =>
    numbers(
      `Round trip to ${region}, median`,
      ({ latency }) => latency.result?.regions.find((each) => each.region === region)?.trips?.medianMs.value ?? null,
      renderMs,
    )(first, second),
  )
}

/** Two probes side by side, row by row; rows of which neither says anything are left out. Pure. */
export const compareProbes = (first: ProbeReport, second: ProbeReport): ComparisonRow[] =>
  [...ROWS.map((row) => row(first, second)), ...streamRows(first, second), ...regionRows(first, second)].filter(
    (row) => row.first !== null || row.second !== null,
  )
