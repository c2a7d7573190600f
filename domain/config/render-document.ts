import { CONFIG_KEYS, CONFIG_SECTIONS, valueAt } from './keys.ts'
import { renderValue } from './render-value.ts'
import type { ConfigValues } from './schema.ts'

/** What one document says: see `ConfigDocument`. */
export type WrittenDocument = {
  readonly extends?: string | null
  readonly description?: string | null
  readonly values: ConfigValues
}

const SECTIONS: ReadonlySet<string> = new Set(CONFIG_SECTIONS.map(({ path }) => path))

/** No file may be empty: that is what a crash leaves. */
const NOTHING = '# Nothing is set here.\n'

/** Names in a section, the top being `''`, in the order of the schema. */
const namesIn = (section: string): string[] => {
  const prefix = section === '' ? '' : `${section}.`
  const below = [...CONFIG_SECTIONS, ...CONFIG_KEYS]
    .map(({ path }) => path)
    .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'))
  return below.map((path) => path.slice(prefix.length))
}

/** The lines of a section's keys, then of the sections in it. */
const linesOf = (values: object, section: string, indent: string): string[] => {
  const lines: string[] = []
  const inner: string[] = []
  for (const name of namesIn(section)) {
    const value = valueAt(values, name)
    if (value === undefined) continue
    const path = `${section}.${name}`
    if (SECTIONS.has(path)) inner.push(`${indent}${name}:`, ...linesOf(value as object, path, `${indent}  `))
    else lines.push(`${indent}${name}: ${renderValue(value)}`)
  }
  return [...lines, ...inner]
}

/**
 * A document as YAML: what it extends and its description, then sections and keys in the order of the schema, text in
 * quotes where it needs them. `parseConfigDocument` reads the same from it.
 */
export const renderDocument = ({ extends: parent, description, values }: WrittenDocument): string => {
  const head = Object.entries({ extends: parent, description })
    .filter(([, text]) => text !== undefined && text !== null)
    .map(([name, text]) => `${name}: ${renderValue(text)}\n`)
    .join('')
  const sections = namesIn('')
    .filter((name) => valueAt(values, name) !== undefined)
    .map((name) => [`${name}:`, ...linesOf(valueAt(values, name) as object, name, '  '), ''].join('\n'))
  return [head, ...sections].filter((part) => part !== '').join('\n') || NOTHING
}
