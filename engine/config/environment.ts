import { z } from 'zod'
import { CONFIG_KEYS, CONFIG_SECTIONS, type ConfigKey, findKey, valuesOf } from '../../domain/config/keys.ts'
import { mergeValues } from '../../domain/config/merge.ts'
import type { ConfigProblem } from '../../domain/config/problem.ts'
import type { Layer } from '../../domain/config/resolve.ts'
import type { ConfigValues } from '../../domain/config/schema.ts'
import { nearWord } from '../../domain/near-word.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Only variables that begin like a section can be meant for the configuration; other `MOLE_*` are somebody else's. */
const PREFIXES = CONFIG_SECTIONS.filter(({ path }) => !path.includes('.')).map(
  ({ path }) => `MOLE_${path.toUpperCase()}_`,
)

const isMeant = (name: string): boolean => PREFIXES.some((prefix) => name.startsWith(prefix))

const isList = ({ schema }: ConfigKey): boolean => schema instanceof z.ZodArray

const isNumber = (text: string): boolean => /^-?[0-9]+(\.[0-9]+)?$/.test(text)

const scalar = (text: string): unknown => (isNumber(text) ? Number(text) : text)

/** What a variable's text may mean for a key, likeliest first. */
const readings = (key: ConfigKey, text: string): unknown[] => {
  if (isList(key)) return [text.split(',').map((item) => scalar(item.trim()))]
  const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }
  return [scalar(text), text, ...(Object.hasOwn(words, text) ? [words[text]] : [])]
}

const read = (key: ConfigKey, text: string): { readonly value: unknown } | { readonly message: string } => {
  const meanings = readings(key, text)
  for (const value of meanings) if (key.schema.safeParse(value).success) return { value }
  const refused = key.schema.safeParse(meanings[0])
  return { message: refused.error?.issues[0]?.message ?? 'is not acceptable' }
}

const refuse = (name: string, key: string, message: string, nextStep: string): ConfigProblem => ({
  source: name,
  place: null,
  key,
  message,
  nextStep,
})

const unknownVariable = (name: string): ConfigProblem => {
  const near = nearWord(
    name,
    CONFIG_KEYS.map(({ environment }) => environment),
  )
  const hint = near === null ? '"mole config explain" lists the variables there are.' : `Did you mean ${near}?`
  return refuse(name, 'document', 'is not a variable of the configuration', `${hint} Unset it, or correct its name.`)
}

/** The environment without the configuration's variables: they belong to the command they were given to. */
export const withoutConfiguration = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !isMeant(name)))

/**
 * What the `MOLE_<SECTION>_<KEY>` variables say. Lists are separated by commas; an empty variable says nothing.
 */
export const readEnvironment = (
  environment: Environment,
): { readonly layer: Layer; readonly problems: readonly ConfigProblem[] } => {
  let values: ConfigValues = {}
  const problems: ConfigProblem[] = []
  for (const [name, text] of Object.entries(environment)) {
    if (!isMeant(name) || text === undefined || text === '') continue
    const key = CONFIG_KEYS.find(({ environment: known }) => known === name)
    if (key === undefined) {
      problems.push(unknownVariable(name))
      continue
    }
    const meaning = read(key, text)
    if ('value' in meaning) values = mergeValues(values, valuesOf(key.path, meaning.value))
    else problems.push(refuse(name, key.path, meaning.message, `Correct ${name}, or unset it.`))
  }
  const nameOf = (path: string): string => findKey(path)?.environment ?? 'environment'
  return { layer: { kind: 'environment', values, where: (path) => ({ source: nameOf(path), place: null }) }, problems }
}
