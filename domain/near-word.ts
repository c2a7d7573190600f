/** Letters to change, add or drop to get from one word to another (Levenshtein, "Binary codes…", 1966). */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
}

/** Letters and digits alone: `base_cidr`, `base-cidr` and `baseCidr` are one word written in three ways. */
const squash = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, '')

/** No key is that long, and comparing costs the product of the lengths. */
const LONGEST = 64

/**
 * The one of `words` that was probably meant: written another way, up to two letters off (one in a word of three), or
 * only its beginning. The nearest wins, then the first.
 */
export const nearWord = (given: string, words: readonly string[]): string | null => {
  const word = squash(given)
  if (word === '' || word.length > LONGEST) return null
  const farthest = Math.min(2, Math.floor(word.length / 2))
  const [nearest] = words
    .map((known) => ({ known, letters: distance(word, squash(known)) }))
    .filter(({ letters }) => letters <= farthest)
    .sort((a, b) => a.letters - b.letters)
  return nearest?.known ?? (word.length >= 3 ? (words.find((known) => squash(known).startsWith(word)) ?? null) : null)
}
