import { NOTHING } from '../domain/host-state.ts'
import { knownTo, type Workshop } from './apply.ts'
import { diff } from './diff.ts'
import { NOTHING_KNOWN } from './journal.ts'
import type { Facts } from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { effectsOf, textOf } from './ops/table.ts'
import { sysctlDrift } from './sysctl-origins.ts'
import { tuningDrift } from './tuning/diff.ts'

export type Reverted = { readonly operations: readonly Operation[]; readonly drift: readonly string[] }

/** How the host differs from what was last asked for, in words. */
export const driftOf = async (workshop: Workshop, facts: Facts): Promise<string[]> => {
  const { desired, sysctlOrigins, tuningOrigins } = workshop.journal.settled()
  const inWords = [...sysctlDrift(sysctlOrigins, facts), ...tuningDrift(tuningOrigins, facts.tuning)]
  if (desired === null) return inWords
  const missing = diff(facts, desired, await knownTo(workshop)).filter(
    ({ kind }) => kind !== 'sysctl' && kind !== 'tune',
  )
  return [...inWords, ...missing.map((operation) => `not as it was left; it would take: ${textOf(operation)}`)]
}

/** What is busy at first, such as a network card that is just being asked, may not be so at the second try. */
const TRIES = 2

/**
 * Takes everything of ours off the host and puts sysctls back. It goes by labels, so that it works with the journal
 * lost, and it tolerates what is gone already. Cut off, it is taken up again; it never goes backwards.
 */
export const revertAll = async (workshop: Workshop): Promise<Reverted> => {
  const { journal, executor, observe } = workshop
  const facts = await observe()
  const drift = await driftOf(workshop, facts)
  const operations = diff(facts, NOTHING, await knownTo(workshop))
  if (operations.length > 0) journal.begin('reverting', operations, journal.settled())
  let failures: string[] = []
  let left = operations
  for (let tries = 0; left.length > 0 && tries < TRIES; tries += 1) {
    failures = await executor.executeTolerantly(left.flatMap(effectsOf))
    left = diff(await observe(), NOTHING, await knownTo(workshop))
  }
  journal.settle(NOTHING_KNOWN)
  return { operations, drift: [...drift, ...failures, ...left.map((operation) => `still to do: ${textOf(operation)}`)] }
}
