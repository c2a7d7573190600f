import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument as parseYaml } from 'yaml'
import type { ConfigDocument } from './document.ts'
import { CONFIG_SECTIONS, findKey } from './keys.ts'
import type { ConfigProblem, Place } from './problem.ts'
import type { ConfigValues } from './schema.ts'

/** A document that parsed; `null` where there are problems. */
export type ParsedDocument = {
  readonly document: ConfigDocument | null
  readonly problems: readonly ConfigProblem[]
}

/**
 * Reads one configuration document: a YAML 1.2 mapping of sections and keys, with `extends` and `description`. Every
 * problem is found at once, each with its place. Pure.
 */
export const parseConfigDocument = (text: string, source: string): ParsedDocument => {
  const lines = new LineCounter()
  const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false })
  const placeOf = (from: number, to: number): Place => {
    const [start, end] = [lines.linePos(from), lines.linePos(to)]
    return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col }
  }
  const problems: ConfigProblem[] = []
  const refuse = (range: readonly number[], key: string, message: string, nextStep: string | null = null): void =>
    void problems.push({ source, place: placeOf(range[0] ?? 0, range[1] ?? 0), key, message, nextStep })
  for (const { pos, message } of [...yaml.errors, ...yaml.warnings]) refuse(pos, 'document', `is not YAML: ${message}`)
  if (problems.length > 0) return { document: null, problems }

  const places = new Map<string, Place>()
  let parent: string | null = null
  let description: string | null = null
  const readSection = (node: ParsedNode | null, prefix: string): Record<string, unknown> => {
    const values: Record<string, unknown> = {}
    if (node === null || (isScalar(node) && node.value === null)) return values
    if (!isMap(node)) {
      refuse(node.range, prefix === '' ? 'document' : prefix, 'must be a list of "key: value" lines')
      return values
    }
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : ''
      const path = prefix === '' ? name : `${prefix}.${name}`
      const range = (value as ParsedNode | null)?.range ?? key?.range ?? [0, 0]
      places.set(path, placeOf(range[0], range[1]))
      if (path === 'extends') parent = String((value as { value?: unknown } | null)?.value)
      else if (path === 'description') description = String((value as { value?: unknown } | null)?.value)
      else if (CONFIG_SECTIONS.some((section) => section.path === path))
        values[name] = readSection(value as ParsedNode | null, path)
      else {
        const known = findKey(path)
        if (known === null) {
          refuse(key?.range ?? range, path, 'is not a key of the configuration')
          continue
        }
        const given = isSeq(value) || isScalar(value) ? (value as { toJSON(): unknown }).toJSON() : value
        const checked = known.schema.safeParse(given)
        if (!checked.success) refuse(range, path, checked.error.issues[0]?.message ?? 'is not acceptable')
        values[name] = given
      }
    }
    return values
  }
  const values = readSection(yaml.contents, '') as ConfigValues
  return problems.length > 0
    ? { document: null, problems }
    : { document: { source, extends: parent, description, values, places }, problems }
}
