/**
 * Waits until every one has ended, well or badly; then throws the first failure. Unlike `Promise.all`, whatever undoes
 * the whole afterwards meets no straggler that is still making something.
 */
export const allEnded = async (works: readonly Promise<unknown>[]): Promise<void> => {
  const results = await Promise.allSettled(works)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
