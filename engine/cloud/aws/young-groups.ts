import type { Clock } from '../../clock.ts'
import type { Holdings } from './holdings.ts'

/** What was made is known everywhere by then (EC2 Developer Guide, "Eventual consistency": seconds, as a rule). */
const KNOWN_AFTER_MS = 120_000

/** Security groups that were just made, and that nobody has seen yet: a list without them is no proof. */
export type YoungGroups = {
  made(deploymentId: string, groupId: string): void
  /** AWS has answered for it: from now on lists are believed. */
  seen(deploymentId: string): void
  /** What is held, with the group that lists may not have yet. */
  complete(deploymentId: string, holdings: Holdings): Holdings
}

export const openYoungGroups = (clock: Clock): YoungGroups => {
  const young = new Map<string, { readonly groupId: string; readonly untilMs: number }>()
  return {
    made: (deploymentId, groupId) =>
      void young.set(deploymentId, { groupId, untilMs: clock.monotonicMs() + KNOWN_AFTER_MS }),
    seen: (deploymentId) => void young.delete(deploymentId),
    complete: (deploymentId, holdings) => {
      const known = young.get(deploymentId)
      if (known === undefined) return holdings
      if (holdings.groups.length > 0 || clock.monotonicMs() > known.untilMs) {
        young.delete(deploymentId)
        return holdings
      }
      return { ...holdings, groups: [{ GroupId: known.groupId }] }
    },
  }
}
