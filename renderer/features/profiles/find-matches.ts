export type Match = { readonly from: number; readonly to: number }

/** A text has more places than anybody goes through. */
const AT_MOST = 1000

/** Where a text has a word, in capitals or not, one behind the other. */
export const findMatches = (text: string, word: string): Match[] => {
  if (word === '') return []
  const [where, what] = [text.toLowerCase(), word.toLowerCase()]
  // Letters whose small form is longer would move everything behind them.
  const [haystack, needle] = where.length === text.length ? [where, what] : [text, word]
  const found: Match[] = []
  for (let at = haystack.indexOf(needle); at !== -1 && found.length < AT_MOST; ) {
    found.push({ from: at, to: at + needle.length })
    at = haystack.indexOf(needle, at + needle.length)
  }
  return found
}

/** The place to go to from a selection: the next behind its start, or before it; round again at the ends. */
export const matchFrom = (matches: readonly Match[], selection: Match, isBackwards: boolean): Match | null => {
  const found = isBackwards
    ? (matches.findLast(({ to }) => to <= selection.from) ?? matches.at(-1))
    : (matches.find(({ from }) => from >= selection.to) ?? matches[0])
  return found ?? null
}
