export const CHART_HEIGHT = 226

/** Room around the plot: labels left and below. Fixed, so that nothing moves when a number grows. */
export const PLOT = { left: 68, right: 12, top: 8, bottom: 24 } as const

/** The axis never gets finer than this: a few echoes a second should look like nothing. Bits per second. */
export const LOWEST_TOP = 1_000_000
