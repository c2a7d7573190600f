export type CoreTimes = { readonly busy: number; readonly total: number }

/** Ticks of each core since boot, from `/proc/stat` (`proc(5)`): idle is its 4th and 5th figure. Pure. */
export const parseCoreTimes = (procStat: string): Map<number, CoreTimes> =>
  new Map(
    procStat.split('\n').flatMap((line) => {
      const [, core, figures = ''] = /^cpu([0-9]+)\s+(.*)$/.exec(line) ?? []
      // Guest time is within user time already.
      const ticks = figures.trim().split(/\s+/).slice(0, 8).map(Number)
      const total = ticks.reduce((sum, each) => sum + each, 0)
      return core === undefined ? [] : [[Number(core), { total, busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0) }]]
    }),
  )
