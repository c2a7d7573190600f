import type { HostLoad } from '../../../contract/helper.ts'

/** Where the things of the affinity map are, in pixels. Pure. */

const LABELS = 64
const FIGURES = 148
const WIDEST = 56
const NARROWEST = 15
export const LOAD_HEIGHT = 46
const HEAD = LOAD_HEIGHT + 26
export const ROW = 26

export type AffinityGeometry = {
  readonly width: number
  readonly height: number
  /** Width of a core's column. */
  readonly column: number
  /** Left edge of each core's column, in the order given. */
  readonly columns: readonly number[]
  /** Upper edge of each tunnel's row. */
  readonly rows: readonly number[]
  /** Where a tunnel's figures begin. */
  readonly figures: number
}

/** A column for each core and a row for each tunnel; wider than `room` rather than too narrow to be read. */
export const layOutAffinity = (room: number, cores: number, tunnels: number): AffinityGeometry => {
  const fitting = (room - LABELS - FIGURES) / Math.max(1, cores)
  const column = Math.floor(Math.min(WIDEST, Math.max(NARROWEST, fitting)))
  const columns = Array.from({ length: cores }, (_, at) => LABELS + at * column)
  return {
    width: LABELS + cores * column + FIGURES,
    height: HEAD + tunnels * ROW + 6,
    column,
    columns,
    rows: Array.from({ length: tunnels }, (_, at) => HEAD + at * ROW),
    figures: LABELS + cores * column + 12,
  }
}

/** Cores that no tunnel may use, while tunnels are pinned: they are kept for everything else. */
export const freeCores = ({ cores, tunnels }: Pick<HostLoad, 'cores' | 'tunnels'>): number[] => {
  const used = new Set(tunnels.flatMap((tunnel) => tunnel.cores))
  return used.size === 0 ? [] : cores.map(({ core }) => core).filter((core) => !used.has(core))
}

/** `0–1, 4`: cores as ranges. */
export const renderCores = (cores: readonly number[]): string => {
  const runs: [number, number][] = []
  for (const core of cores.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === core - 1) last[1] = core
    else runs.push([core, core])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
}
