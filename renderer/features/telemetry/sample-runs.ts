/** Time without a sample that breaks the line: the engine was away, and we do not know what was. */
const GAP_MS = 3500

/** A long history comes thinned: so many times the usual distance of its samples is a gap, and no less. */
const GAP_SPACINGS = 2.5

type Timed = { readonly atMs: number }
type Span = { readonly nowMs: number; readonly windowMs: number }

const inWindow = <T extends Timed>(samples: readonly T[], { nowMs, windowMs }: Span): readonly T[] => {
  // One sample more on the left, so that the line enters from outside instead of starting inside.
  const first = samples.findIndex((sample) => sample.atMs >= nowMs - windowMs)
  return first < 0 ? [] : samples.slice(Math.max(0, first - 1))
}

/** Splits samples where time jumps. */
const runsOf = <T extends Timed>(samples: readonly T[]): T[][] => {
  const runs: T[][] = []
  const distances = samples.slice(1).map((sample, index) => sample.atMs - (samples[index] as T).atMs)
  let usual = Math.min(...distances.slice(0, 2))
  for (const [index, sample] of samples.entries()) {
    const run = runs.at(-1)
    const distance = distances[index - 1]
    if (run === undefined || distance === undefined || distance > Math.max(GAP_MS, GAP_SPACINGS * usual))
      runs.push([sample])
    else {
      run.push(sample)
      usual = distance
    }
  }
  return runs
}

/** The samples of the last `windowMs`, in unbroken runs: between two of them nobody measured. Pure. */
export const runsWithin = <T extends Timed>(samples: readonly T[], span: Span): T[][] => runsOf(inWindow(samples, span))
