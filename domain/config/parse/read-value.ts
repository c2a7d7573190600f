import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLSeq } from 'yaml'
import type { z } from 'zod'
import type { ConfigKey } from '../keys.ts'
import { meantValue } from './meant-value.ts'
import { notationProblem } from './number-notation.ts'
import type { Range, Reading } from './reading.ts'

/** Nothing is written: `key:` alone. `null`, written, is a value. */
export const isNothing = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null && (node.source ?? '') === '')

export const rangeOf = (node: unknown, otherwise: Range): Range =>
  (node as { range?: Range | null } | null | undefined)?.range ?? otherwise

/** It has a tag or is an alias: refused as such, whatever its value. */
const isRefusedAnyway = (node: unknown): boolean =>
  isAlias(node) || (node as { tag?: string } | null | undefined)?.tag !== undefined

const isAllowedNull = ({ schema }: ConfigKey): boolean => schema.safeParse(null).success

/** A scalar as YAML reads it; what is no scalar as something that every key refuses. */
const plainValue = (node: unknown): unknown => (isScalar(node) ? node.value : {})

const refuseNotation = (reading: Reading, node: unknown, path: string, range: Range): boolean => {
  if (!isScalar(node) || node.type !== 'PLAIN' || typeof node.value !== 'number') return false
  const problem = notationProblem(node.source ?? '', node.value)
  if (problem === null) return false
  reading.refuse(range, path, problem.message, problem.nextStep)
  return true
}

/** Which entry of a list an issue is about; `null` when it is about the list. */
const entryOf = (
  { path: [index], code }: z.core.$ZodIssue,
  values: readonly unknown[],
  most: number,
): number | null => {
  if (typeof index === 'number') return index
  if (code === 'too_big') return most
  const twice = values.findIndex((value, at) => values.indexOf(value) < at)
  return code === 'custom' && twice !== -1 ? twice : null
}

/** How many entries of a list are read: some more than any list may have, however many there are. */
const MOST_ENTRIES = 64

const readList = (reading: Reading, key: ConfigKey, node: YAMLSeq, range: Range): unknown => {
  const items: readonly unknown[] = node.items.slice(0, MOST_ENTRIES)
  const values = items.map(plainValue)
  const refused = new Set<number>()
  for (const [index, item] of items.entries()) {
    const itemRange = rangeOf(item, range)
    if (isRefusedAnyway(item) || refuseNotation(reading, item, key.path, itemRange)) refused.add(index)
    else if (isNothing(item)) {
      refused.add(index)
      reading.refuse(itemRange, key.path, 'must have a value in each entry', 'Write a value, or remove the entry.')
    }
  }
  const checked = key.schema.safeParse(values)
  for (const issue of checked.error?.issues ?? []) {
    const most = 'maximum' in issue ? Number(issue.maximum) : 0
    const entry = entryOf(issue, values, most)
    if (entry === null ? refused.size > 0 : refused.has(entry)) continue
    const nextStep = issue.path.length === 0 && entry === null ? meantValue(key, values) : null
    reading.refuse(entry === null ? range : rangeOf(items[entry], range), key.path, issue.message, nextStep)
  }
  return values
}

const nextStepFor = (key: ConfigKey, node: unknown, value: unknown): string | null => {
  if (isMap(node)) return 'It is a key, not a section: write its value behind the ":".'
  if (value === null) return 'Leave the key out to keep what holds without it.'
  return meantValue(key, value)
}

/** Reads the value of a key as it is written, and checks it. `where` is the key's own range. */
export const readValue = (reading: Reading, key: ConfigKey, node: unknown, where: Range): unknown => {
  const range = rangeOf(node, where)
  if (isRefusedAnyway(node)) return undefined
  if (isNothing(node)) {
    const nextStep = `Write one${isAllowedNull(key) ? ' (null is one)' : ''}, or leave the key out.`
    reading.refuse(where, key.path, 'needs a value', nextStep)
    return undefined
  }
  if (isSeq(node)) return readList(reading, key, node, range)
  if (refuseNotation(reading, node, key.path, range)) return undefined
  const value = plainValue(node)
  const [issue] = key.schema.safeParse(value).error?.issues ?? []
  if (issue !== undefined) reading.refuse(range, key.path, issue.message, nextStepFor(key, node, value))
  return value
}

/** Reads a text of at most `most` characters, in one line. */
export const readText = (reading: Reading, path: string, node: unknown, where: Range, most: number): string | null => {
  const range = rangeOf(node, where)
  if (isRefusedAnyway(node)) return null
  if (isNothing(node)) reading.refuse(where, path, 'needs a value', 'Write one, or leave the key out.')
  else if (!isScalar(node) || typeof node.value !== 'string')
    reading.refuse(range, path, 'must be text', 'Write it in quotes.')
  else return checkText(reading, path, node as Scalar<string>, range, most)
  return null
}

const checkText = (
  reading: Reading,
  path: string,
  { value }: Scalar<string>,
  range: Range,
  most: number,
): string | null => {
  // A block scalar (`>`) ends in a line break that nobody meant.
  const text = value.trim()
  const refuse = (message: string): null => {
    reading.refuse(range, path, message, null)
    return null
  }
  if (text === '') return refuse('must not be empty')
  if (text.length > most) return refuse(`must be at most ${most} characters`)
  return /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text) ? refuse('must be one line, without control characters') : text
}
