/** Runs one piece of work after the other, each to its end whatever became of the one before. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>

/** Makes a queue of its own. */
export const makeQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
