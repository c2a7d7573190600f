import { isMap, isScalar, LineCounter, type ParsedNode, parseDocument, type YAMLMap } from 'yaml'
import { MoleError } from '../contract/errors.ts'
import { nearWord } from '../domain/near-word.ts'
import { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { plainText } from './plain-text.ts'

/** Far more than a plan needs, and little enough to read at once. */
const MOST_CHARACTERS = 64 * 1024

const KEYS = Object.keys(DeploymentPlan.shape)

/** What a plan file says, not yet validated, and where it says it. */
export type PlanFile = {
  readonly fields: Readonly<Record<string, unknown>>
  /** `plan.yaml:3:10`, the place of a key's value. */
  whereIs(key: string): string
}

const wrong = (where: string, field: string, what: string, nextStep: string): MoleError =>
  new MoleError('bad-input', `${where}: ${plainText(what)}`, { field, meaning: 'Nothing was changed.', nextStep })

const keyText = (key: unknown): string =>
  plainText(isScalar(key) ? String(key.value) : 'a key that is not text').slice(0, 80)

/**
 * Reads a plan file: one YAML mapping (YAML 1.2) with the keys of a deployment plan; an empty file is a plan of defaults.
 * @throws MoleError `bad-input` naming file, line, column and key.
 */
export const parsePlanFile = (text: string, name: string): PlanFile => {
  if (text.length > MOST_CHARACTERS)
    throw wrong(name, name, `is ${text.length} characters long, more than a plan can be`, 'Give a plan file.')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }
  const [broken] = [...document.errors, ...document.warnings]
  if (broken !== undefined) throw refusedYaml(broken.code, broken.message, at(broken.pos[0]), text.slice(broken.pos[0]))
  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) return { fields: {}, whereIs: () => name }
  if (!isMap(root))
    throw wrong(
      at(root.range[0]),
      name,
      'is not a plan: it must be a list of "key: value" lines',
      `Keys are: ${KEYS.join(', ')}.`,
    )
  checkKeys(root, at)
  return {
    fields: document.toJS({ maxAliasCount: 0 }) as Record<string, unknown>,
    whereIs: (key) => at((root.get(key, true) as ParsedNode | undefined)?.range?.[0] ?? root.range[0]),
  }
}

const refusedYaml = (code: string, message: string, where: string, rest: string): MoleError => {
  if (code !== 'DUPLICATE_KEY')
    return wrong(where, where, `is not YAML: ${message}`, 'Correct that line and try again.')
  const key = /^[^\s:]{1,80}/.exec(rest)?.[0] ?? ''
  return wrong(where, key, `"${key}" is there twice`, 'Keep one of them.')
}

const checkKeys = (root: YAMLMap.Parsed, at: (offset: number) => string): void => {
  for (const { key } of root.items) {
    const name = keyText(key)
    if (KEYS.includes(name)) continue
    const near = nearWord(name, KEYS)
    const hint = near === null ? '' : `Did you mean "${near}"? `
    throw wrong(
      at(key?.range[0] ?? 0),
      name,
      `"${name}" is not a key of a plan`,
      `${hint}Keys are: ${KEYS.join(', ')}.`,
    )
  }
}
