/**
 * Which tunnels (lane numbers) carry: those asked for without those withdrawn as dead. Never none: when all are dead,
 * what carries now goes on, so that the route stays where it is and leaks nowhere. `groupNow` is the next-hop group as it
 * is. Pure; ascending.
 */
export const carriersOf = (
  active: readonly number[],
  withdrawn: ReadonlySet<number>,
  groupNow: readonly number[] | null,
): number[] => {
  const living = active.filter((number) => !withdrawn.has(number))
  const staying = active.filter((number) => groupNow?.includes(number))
  const carrying = living.length > 0 ? living : staying.length > 0 ? staying : active
  return carrying.toSorted((a, b) => a - b)
}
