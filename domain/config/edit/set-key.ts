import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import { isNothing } from '../parse/read-value.ts'
import { renderValue } from '../render-value.ts'
import {
  colonEnd,
  type Entry,
  entriesOf,
  entryEnd,
  findEntry,
  indentAt,
  lineEndAt,
  type Splice,
} from './text-of-yaml.ts'

/** A path that is not there yet as lines, each name indented further than the one before. */
const renderLines = ([name = '', ...rest]: readonly string[], value: unknown, indent: string): string =>
  rest.length === 0
    ? `${indent}${name}: ${renderValue(value)}`
    : `${indent}${name}:\n${renderLines(rest, value, `${indent}  `)}`

/** The same between braces. */
const renderInBraces = ([name = '', ...rest]: readonly string[], value: unknown): string =>
  `${name}: ${rest.length === 0 ? renderValue(value) : `{${renderInBraces(rest, value)}}`}`

const renderHeld = (names: readonly string[], value: unknown): string =>
  names.length === 0 ? renderValue(value) : `{${renderInBraces(names, value)}}`

/** Text in the quotes that the text before was in. */
const renderAs = (before: unknown, value: unknown): string => {
  const style = isScalar(before) ? before.type : undefined
  if (typeof value === 'string' && style === 'QUOTE_DOUBLE') return JSON.stringify(value)
  if (typeof value === 'string' && style === 'QUOTE_SINGLE' && !/[\n']/.test(value)) return `'${value}'`
  if (!isSeq(before) || !Array.isArray(value)) return renderValue(value)
  return `[${value.map((item) => renderAs(before.items[0], item)).join(', ')}]`
}

/** What was written, as one would write it now; comments around it stay. */
const replaceHeld = (text: string, entry: Entry, names: readonly string[], value: unknown): Splice => {
  const { value: before } = entry
  const after = colonEnd(text, entry)
  const held = renderHeld(names, value)
  if (isNothing(before))
    return after === null
      ? { from: entry.key[1], to: entry.key[1], text: `: ${held}` }
      : { from: after, to: after, text: ` ${held}` }
  const [from] = (before as { range?: readonly number[] }).range ?? [0]
  const [start, end] = [from ?? 0, entryEnd(text, entry)]
  const isInLines = (isSeq(before) || isMap(before)) && before.flow !== true
  if (!isInLines) return { from: start, to: end, text: names.length === 0 ? renderAs(before, value) : held }
  const indent = indentAt(text, start)
  if (isSeq(before) && Array.isArray(value) && value.length > 0) {
    const lines = value.map((item) => `- ${renderAs(before.items[0], item)}`)
    return { from: start, to: end, text: lines.join(`\n${indent}`) }
  }
  // Onto the name's own line, before a comment there.
  const comment = text.slice(after ?? start, start).trimEnd()
  return { from: after ?? start, to: end, text: ` ${held}${comment}` }
}

const isSame = (before: unknown, value: unknown): boolean =>
  (isScalar(before) || isSeq(before)) &&
  !isNothing(before) &&
  JSON.stringify((before as { toJSON(): unknown }).toJSON()) === JSON.stringify(value)

const insertBefore = (text: string, at: number, lines: string): Splice => ({
  from: at,
  to: at,
  text: `${at > 0 && text[at - 1] !== '\n' ? '\n' : ''}${lines}\n`,
})

/** Into a text that says nothing yet: at its end, or before the line that ends the document. */
export const setFirstKey = (text: string, names: readonly string[], value: unknown): Splice =>
  insertBefore(text, /^\.\.\.(?=\s|$)/m.exec(text)?.index ?? text.length, renderLines(names, value, ''))

/** Behind the last entry of a mapping; a new section stands off if the others do. */
const addEntry = (text: string, map: YAMLMap, names: readonly string[], value: unknown, isTop: boolean): Splice => {
  const last = entriesOf(map).at(-1)
  if (map.flow === true || last === undefined) {
    const at = last === undefined ? (map.range?.[0] ?? 0) + 1 : entryEnd(text, last)
    return { from: at, to: at, text: `${last === undefined ? '' : ', '}${renderInBraces(names, value)}` }
  }
  const at = lineEndAt(text, entryEnd(text, last))
  const gap = isTop && names.length > 1 && text.includes('\n\n') ? '\n\n' : '\n'
  return { from: at, to: at, text: `${gap}${renderLines(names, value, indentAt(text, last.key[0]))}` }
}

/** Sets the value of a key, making the sections it is in. `null` when it has that value already. */
export const setKey = (
  text: string,
  map: YAMLMap,
  names: readonly string[],
  value: unknown,
  isTop = true,
): Splice | null => {
  const [name = '', ...rest] = names
  const entry = findEntry(map, name)
  if (entry === null) return addEntry(text, map, names, value, isTop)
  if (rest.length > 0 && isMap(entry.value)) return setKey(text, entry.value, rest, value, false)
  if (rest.length === 0 && isSame(entry.value, value)) return null
  if (rest.length === 0 || map.flow === true || !isNothing(entry.value)) return replaceHeld(text, entry, rest, value)
  const at = lineEndAt(text, entryEnd(text, entry))
  return { from: at, to: at, text: `\n${renderLines(rest, value, `${indentAt(text, entry.key[0])}  `)}` }
}
