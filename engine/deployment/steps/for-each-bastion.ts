import type { StepContext } from '../step.ts'

/**
 * Does the same for several bastions at once. Where it fails for some and not for all, the act goes on with those it
 * did not fail for. @throws the first failure, when it failed for every one.
 */
export const forEachBastion = async (
  context: StepContext,
  indexes: readonly number[],
  work: (index: number) => Promise<void>,
): Promise<void> => {
  const results = await Promise.allSettled(indexes.map(work))
  context.signal.throwIfAborted()
  const failures = results.flatMap((result, at) =>
    result.status === 'rejected' ? [{ index: indexes[at] ?? 0, error: result.reason as unknown }] : [],
  )
  const [first] = failures
  if (first !== undefined && failures.length === indexes.length) throw first.error
  for (const { index, error } of failures) context.onShortfall(index, error)
}
