import { describeType } from '../../../domain/config/describe-type.ts'
import { valueSchema } from '../../../domain/config/json-schema.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS, type ConfigKey, findKey } from '../../../domain/config/keys.ts'
import { renderValue } from '../../../domain/config/render-value.ts'
import { SHIPPED_NAMES } from '../../../domain/config/shipped-names.ts'
import { HEAD_KEYS } from './head-keys.ts'
import { readLine, sectionAbove } from './path-at.ts'

/** Something that could stand at the cursor. */
export type Offer = {
  readonly label: string
  readonly kind: 'section' | 'key' | 'value'
  /** What is put in; the label unless given. */
  readonly insert: string
  /** Beside the label, in a few words. */
  readonly detail: string
  /** What it is about. */
  readonly info: string
}

export type Offers = { readonly from: number; readonly offers: readonly Offer[] }

const HEAD = HEAD_KEYS.map(
  ({ name, detail, description }): Offer => ({
    label: name,
    kind: 'key',
    insert: `${name}: `,
    detail,
    info: description,
  }),
)

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

const aboutKey = (key: ConfigKey): string => {
  const effect = key.effect === null ? 'Not yet in force: it is kept, and does nothing in this version.' : key.effect
  return `${key.description} ${effect} ${sentence(describeType(key.schema))} Default: ${renderValue(key.fallback)}.`
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const offersIn = (section: string, indent: string): Offer[] => [
  ...(section === '' ? HEAD : []),
  ...CONFIG_SECTIONS.filter(({ path }) => parentOf(path) === section).map(
    ({ path, description }): Offer => ({
      label: nameOf(path),
      kind: 'section',
      insert: `${nameOf(path)}:\n${indent}  `,
      detail: 'section',
      info: description,
    }),
  ),
  ...CONFIG_KEYS.filter(({ path }) => parentOf(path) === section).map(
    (key): Offer => ({
      label: nameOf(key.path),
      kind: 'key',
      insert: `${nameOf(key.path)}: `,
      detail: key.effect === null ? 'not yet in force' : renderValue(key.fallback),
      info: aboutKey(key),
    }),
  ),
]

/** Names that the block around a line has already. */
const namesBeside = (lines: readonly string[], at: number, indent: number): Set<string> => {
  const names = new Set<string>()
  const look = (from: number, step: number): void => {
    for (let index = from; index >= 0 && index < lines.length; index += step) {
      const line = readLine(lines[index] ?? '')
      if (line === null) continue
      if (line.indent < indent) return
      if (line.indent === indent) names.add(line.name)
    }
  }
  look(at - 1, -1)
  look(at + 1, 1)
  return names
}

const choicesOf = (key: ConfigKey): string[] => {
  const { enum: choices, type, anyOf } = valueSchema(key.schema)
  const mayBeNull = anyOf?.some((each) => each.type === 'null') === true ? ['null'] : []
  if (type === 'boolean') return ['true', 'false']
  if (choices !== undefined) return choices.map((choice) => renderValue(choice))
  return [...new Set([renderValue(key.fallback), ...mayBeNull])]
}

const valueOffers = (path: string): Offer[] => {
  const asOffer = (label: string, detail: string, info: string): Offer => ({
    label,
    kind: 'value',
    insert: label,
    detail,
    info,
  })
  if (path === 'extends') return SHIPPED_NAMES.map((name) => asOffer(name, 'comes with Cloud Mole', ''))
  const key = findKey(path)
  if (key === null) return []
  const fallback = renderValue(key.fallback)
  return choicesOf(key).map((label) => asOffer(label, label === fallback ? 'default' : '', aboutKey(key)))
}

/** What could stand at an offset of a document: sections and keys that are not there yet, or values of a key. Pure. */
export const completeYaml = (text: string, offset: number): Offers | null => {
  const before = text.slice(0, offset).split('\n')
  const typed = before.at(-1) ?? ''
  const above = before.slice(0, -1)
  const [, indent, word = ''] = /^( *)([A-Za-z_]*)$/.exec(typed) ?? []
  if (indent !== undefined) {
    const section = sectionAbove(above, indent.length)
    if (indent.length > 0 && section === '') return null
    const taken = namesBeside(text.split('\n'), above.length, indent.length)
    const offers = offersIn(section, indent).filter(({ label }) => !taken.has(label))
    return { from: offset - word.length, offers }
  }
  const [, lead = '', name, value = ''] = /^( *)([A-Za-z_]+) *: +([^#[{]*)$/.exec(typed) ?? []
  if (name === undefined) return null
  const section = sectionAbove(above, lead.length)
  const offers = valueOffers(section === '' ? name : `${section}.${name}`)
  return { from: offset - value.length, offers }
}
