import { isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml'
import { CONFIG_SECTIONS, findKey } from '../keys.ts'
import { meantKey } from './meant-key.ts'
import { isNothing, rangeOf, readValue } from './read-value.ts'
import type { Range, Reading } from './reading.ts'

const SECTIONS: ReadonlySet<string> = new Set(CONFIG_SECTIONS.map(({ path }) => path))

const join = (section: string, name: string): string => (section === '' ? name : `${section}.${name}`)

/** A name is text. What else YAML allows for one is refused, as are merge keys, which are none in YAML 1.2. */
const refuseName = (reading: Reading, key: unknown, range: Range, section: string): void => {
  if (isAlias(key)) return
  const source = isScalar(key) ? (key.source ?? '') : ''
  const where = source === '' ? section || 'document' : join(section, source)
  if (source === '<<') reading.refuse(range, where, 'must not use merge keys', 'Write the keys out, or use "extends".')
  else reading.refuse(range, where, 'must have text as the name of a key', 'Write it as "key: value".')
}

const refuseUnknown = (reading: Reading, name: string, value: unknown, range: Range, section: string): void => {
  const holds = isMap(value) ? 'section' : isNothing(value) ? 'nothing' : 'value'
  const nextStep = meantKey(name, section, holds)
  reading.refuse(range, join(section, name) || 'document', 'is not a key of the configuration', nextStep)
}

/** A reader of keys that stand in the document itself; `undefined` when it is none of them. */
export type OwnKeys = (path: string, value: unknown, where: Range) => boolean

const nameOf = (key: unknown): string | null =>
  isScalar(key) && typeof key.value === 'string' && key.value !== '<<' ? key.value : null

/**
 * Reads a mapping of keys and of sections in it, as deep as the schema goes. The document is the section `''`; `where` is
 * the range of what names the section.
 */
export const readSection = (
  reading: Reading,
  node: unknown,
  section: string,
  where: Range,
  readOwnKey: OwnKeys,
): Record<string, unknown> => {
  const values: Record<string, unknown> = {}
  if (isNothing(node) || isAlias(node)) return values
  if (!isMap(node)) {
    refuseShape(reading, node, section, rangeOf(node, where))
    return values
  }
  const seen = new Map<string, Range>()
  for (const pair of node.items as Pair[]) {
    if (reading.isFull()) break
    const range = rangeOf(pair.key, rangeOf(pair.value, where))
    const name = nameOf(pair.key)
    if (name === null) refuseName(reading, pair.key, range, section)
    else if (seen.has(name)) refuseTwice(reading, join(section, name) || 'document', range)
    else {
      seen.set(name, range)
      const value = readPair(reading, name, pair.value, section, range, readOwnKey)
      if (value !== undefined) values[name] = value
    }
  }
  return values
}

const refuseShape = (reading: Reading, node: unknown, section: string, range: Range): void => {
  const holds = isSeq(node) ? 'a list' : 'a value'
  const nextStep =
    section === ''
      ? 'Begin with a section, such as "tunnel:", and its keys in the lines below it, indented.'
      : `Write "${section.slice(section.lastIndexOf('.') + 1)}:" alone and its keys in the lines below it, indented.`
  reading.refuse(range, section || 'document', `must be a section of "key: value" lines, not ${holds}`, nextStep)
}

const refuseTwice = (reading: Reading, path: string, range: Range): void =>
  reading.refuse(range, path, 'is there twice', 'Keep one of the two.')

const readPair = (
  reading: Reading,
  name: string,
  value: unknown,
  section: string,
  range: Range,
  readOwnKey: OwnKeys,
): unknown => {
  const path = join(section, name)
  reading.foundKey(path, range[0], rangeOf(value, range))
  // A name with a dot is no path.
  const isPath = !name.includes('.')
  if (isPath && SECTIONS.has(path)) return readSection(reading, value, path, range, readOwnKey)
  const key = isPath ? findKey(path) : null
  if (key !== null) return readValue(reading, key, value, range)
  if (!(isPath && readOwnKey(path, value, range))) refuseUnknown(reading, name, value, range, section)
  return undefined
}
