import { isMap, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { isNothing } from '../parse/read-value.ts'

/** A part of a text to put another in the place of. */
export type Splice = { readonly from: number; readonly to: number; readonly text: string }

/** A name and what it holds, and where: `key` is the range of the name. */
export type Entry = {
  readonly key: readonly [from: number, to: number]
  readonly value: unknown
  /** The entry's place in its mapping. */
  readonly index: number
}

/** The mapping that a text is; `null` when it says nothing. @throws Error when it is anything else. */
export const readMapping = (text: string): YAMLMap | null => {
  const { contents, errors } = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false })
  if (errors.length === 0 && isMap(contents)) return contents as YAMLMap
  if (errors.length === 0 && isNothing(contents)) return null
  throw new Error('The text is not sections of "key: value" lines')
}

const rangeOf = (node: unknown): readonly [number, number] => {
  const [from, to] = (node as Node | null)?.range ?? [0, 0]
  return [from, to]
}

export const entriesOf = ({ items }: YAMLMap): Entry[] =>
  (items as Pair[]).map(({ key, value }, index) => ({ key: rangeOf(key), value, index }))

export const findEntry = (map: YAMLMap, name: string): Entry | null =>
  entriesOf(map).find((_, index) => String(map.items[index]?.key) === name) ?? null

/** Where the ":" behind a name ends; `null` when there is none, as in `{name}`. */
export const colonEnd = (text: string, { key: [, to] }: Entry): number | null => {
  const [colon] = /^\s*:/.exec(text.slice(to)) ?? []
  return colon === undefined ? null : to + colon.length
}

/** Where what a node says ends, without comments and empty lines behind it. */
const endOf = (text: string, node: unknown): number => {
  const [from, to] = rangeOf(node)
  if (isMap(node) && node.flow !== true) {
    const last = entriesOf(node).at(-1)
    if (last !== undefined) return entryEnd(text, last)
  }
  if (isSeq(node) && node.flow !== true && !isNothing(node.items.at(-1))) return endOf(text, node.items.at(-1))
  return from + text.slice(from, to).trimEnd().length
}

/** Where an entry ends, without comments and empty lines behind it. */
export const entryEnd = (text: string, entry: Entry): number =>
  isNothing(entry.value) ? (colonEnd(text, entry) ?? entry.key[1]) : endOf(text, entry.value)

/** Where the line ends that an offset is in: at its line break, or at the text's end. */
export const lineEndAt = (text: string, offset: number): number => {
  const at = text.indexOf('\n', offset)
  return at === -1 ? text.length : at
}

export const lineStartAt = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1

/** The blanks to begin a line with, for it to begin in the column of an offset. */
export const indentAt = (text: string, offset: number): string => ' '.repeat(offset - lineStartAt(text, offset))
