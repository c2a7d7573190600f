/** Files read at one time: enough to keep the disk busy, and few enough for the limit on open files. */
const AT_ONCE = 32

/** `Promise.all` over `items`, so many at a time; the results in their order. */
export const mapInBatches = async <T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(map))))
  return results
}
