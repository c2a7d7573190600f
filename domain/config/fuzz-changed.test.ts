import { describe, expect, it } from 'vitest'
import { fuzzDocuments } from './testing/fuzz/fuzz-documents.ts'
import { type Mutation, mutateCharacter, mutateLine, mutateToken } from './testing/fuzz/mutate.ts'
import { ORIGINALS } from './testing/fuzz/originals.ts'
import type { Random } from './testing/fuzz/random.ts'

const changed =
  (...mutations: readonly Mutation[]) =>
  (random: Random): string => {
    let text = random.pick(ORIGINALS)
    for (let times = 1 + random.below(5); times > 0; times -= 1) text = random.pick(mutations)(text, random)
    return text
  }

describe('sound documents changed at random', { timeout: 300_000 }, () => {
  it.each([
    ['characters', 25_000, changed(mutateCharacter)],
    ['words and signs', 15_000, changed(mutateToken)],
    ['lines', 10_000, changed(mutateLine)],
    ['all of these', 10_000, changed(mutateCharacter, mutateToken, mutateLine)],
  ])('%s: each is read or refused with places, well below a second', (_, count, make) => {
    const { accepted } = fuzzDocuments(count, make)
    // Changes that are told apart from no change, and from noise.
    expect(accepted).toBeGreaterThan(count / 100)
    expect(accepted).toBeLessThan(count / 2)
  })
})
