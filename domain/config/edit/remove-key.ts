import { isMap, type YAMLMap } from 'yaml'
import { type Entry, entriesOf, entryEnd, findEntry, lineEndAt, lineStartAt, type Splice } from './text-of-yaml.ts'

/** Its lines, with a comment behind the value; of two empty lines that would meet, one. */
const removeLines = (text: string, entry: Entry): Splice => {
  const from = lineStartAt(text, entry.key[0])
  const to = Math.min(text.length, lineEndAt(text, entryEnd(text, entry)) + 1)
  const isGap = text[to] === '\n' && (from === 0 || text.slice(0, from).endsWith('\n\n'))
  return { from, to: isGap ? to + 1 : to, text: '' }
}

/** It, and the comma that is then too many. */
const removeBetweenCommas = (text: string, map: YAMLMap, entry: Entry): Splice => {
  const entries = entriesOf(map)
  const [before, after] = [entries[entry.index - 1], entries[entry.index + 1]]
  const end = entryEnd(text, entry)
  if (before !== undefined) return { from: entryEnd(text, before), to: end, text: '' }
  if (after !== undefined) return { from: entry.key[0], to: after.key[0], text: '' }
  const [from, to] = map.range ?? [0, 0]
  return { from, to, text: '{}' }
}

/** Whether a path is there and, on the way to it, nothing else: with it everything goes. */
const isWhole = (map: YAMLMap, [name = '', ...rest]: readonly string[]): boolean => {
  const entry = findEntry(map, name)
  if (entry === null || map.items.length > 1) return false
  return rest.length === 0 || (isMap(entry.value) && isWhole(entry.value, rest))
}

/** Removes a key, and the sections that would be left with none. `null` when there is no such key. */
export const removeKey = (text: string, map: YAMLMap, [name = '', ...rest]: readonly string[]): Splice | null => {
  const entry = findEntry(map, name)
  if (entry === null) return null
  if (rest.length > 0) {
    if (!isMap(entry.value)) return null
    if (!isWhole(entry.value, rest)) return removeKey(text, entry.value, rest)
  }
  return map.flow === true ? removeBetweenCommas(text, map, entry) : removeLines(text, entry)
}
