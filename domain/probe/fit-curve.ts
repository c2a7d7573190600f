/** A point of a curve: goodput over so many streams. */
export type CurvePoint = { readonly streams: number; readonly bitsPerSecond: number }

/** What a curve tends to, and how: `bends` as plateau · n / (n + half), `breaks` as min(n · each, plateau). */
export type FittedCurve = {
  readonly shape: 'bends' | 'breaks'
  readonly plateau: number
  /** Goodput that the curve has at so many streams. */
  readonly at: (streams: number) => number
  /** More streams than these add less than a twentieth. */
  readonly enoughStreams: number
  /** Whether the plateau lies beyond what was seen: it is reached by more streams than were tried. */
  readonly isBeyond: boolean
}

const STEPS = 400
/** More streams than these nobody opens; a curve that is straight up to here has no plateau in sight. */
const MOST_STREAMS = 128
const TWENTIETH = 1.05

/** The plateau for which `share(n)` of it fits the points best (linear least squares), and what is left over. */
const fitPlateau = (
  points: readonly CurvePoint[],
  share: (streams: number) => number,
): { plateau: number; left: number } => {
  const up = points.reduce((sum, { streams, bitsPerSecond }) => sum + share(streams) * bitsPerSecond, 0)
  const down = points.reduce((sum, { streams }) => sum + share(streams) ** 2, 0)
  const plateau = down === 0 ? 0 : up / down
  const left = points.reduce(
    (sum, { streams, bitsPerSecond }) => sum + (plateau * share(streams) - bitsPerSecond) ** 2,
    0,
  )
  return { plateau, left }
}

type Shape = {
  readonly shape: FittedCurve['shape']
  readonly bend: number
  readonly share: (streams: number) => number
}

/** Both shapes with their one bend: by a quotient, so that few and many streams are searched alike. */
const SHAPES: readonly Shape[] = Array.from({ length: STEPS + 1 }, (_, step) => {
  const bend = 0.01 * (MOST_STREAMS / 0.01) ** (step / STEPS)
  return [
    { shape: 'bends' as const, bend, share: (streams: number) => streams / (streams + bend) },
    { shape: 'breaks' as const, bend, share: (streams: number) => Math.min(streams / bend, 1) },
  ]
}).flat()

/**
 * Fits goodput over streams: a hyperbola, for what shares a loss or a window, or a straight line that ends at a plateau, for
 * what each flow is given alike; whichever leaves less over. `null` of fewer than two numbers of streams. Pure.
 */
export const fitCurve = (points: readonly CurvePoint[]): FittedCurve | null => {
  const counts = new Set(points.map(({ streams }) => streams))
  if (counts.size < 2 || points.every(({ bitsPerSecond }) => bitsPerSecond <= 0)) return null
  const fits = SHAPES.map((each) => ({ ...each, ...fitPlateau(points, each.share) }))
  const best = fits.reduce((least, each) => (each.left < least.left * (1 - 1e-9) ? each : least))
  const at = (streams: number): number => best.plateau * best.share(streams)
  const most = Math.max(...counts)
  const enough = Array.from({ length: MOST_STREAMS }, (_, index) => index + 1).find(
    (streams) => at(streams) * TWENTIETH >= best.plateau,
  )
  const enoughStreams = enough ?? MOST_STREAMS
  const isBeyond = enoughStreams > most || (best.shape === 'breaks' && best.bend >= most)
  return { shape: best.shape, plateau: best.plateau, at, enoughStreams, isBeyond }
}
