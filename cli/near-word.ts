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

/** The one of `words` that was probably meant: up to two letters off, written another way, or only its beginning. */
export const nearWord = (given: string, words: readonly string[]): string | null => {
  const word = given.toLowerCase().replaceAll(/[-_]/g, '')
  const isNear = (known: string): boolean =>
    (word.length >= 3 && known.toLowerCase().startsWith(word)) || distance(word, known.toLowerCase()) <= 2
  return words.find(isNear) ?? null
}
