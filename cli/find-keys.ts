import { MoleError } from '../contract/errors.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS } from '../domain/config/keys.ts'
import { nearWord } from '../domain/near-word.ts'
import { plainText } from './plain-text.ts'

const PATHS = CONFIG_KEYS.map(({ path }) => path)
const SECTIONS = CONFIG_SECTIONS.map(({ path }) => path)

/** `mtu` for `tunnel.mtu`: without its section a key is still told when it is the only one. */
const bySuffix = (given: string): string | null => {
  const found = PATHS.filter((path) => path.endsWith(`.${given}`))
  return found.length === 1 ? (found[0] ?? null) : null
}

const unknownKey = (given: string): MoleError => {
  const near = bySuffix(given) ?? nearWord(given, [...PATHS, ...SECTIONS])
  return new MoleError('bad-input', `"${plainText(given).slice(0, 80)}" is not a key of the configuration.`, {
    field: 'key',
    meaning: 'A key is written with its section, such as tunnel.mtu.',
    nextStep: near === null ? `Sections are: ${SECTIONS.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

/** Whether a key's path is `given`, or lies in the section of that name. */
export const isWithin = (path: string, given: string): boolean => path === given || path.startsWith(`${given}.`)

/** The paths of a key, or of every key of a section. @throws MoleError `bad-input` with the one that was meant. */
export const findPaths = (given: string): string[] => {
  const found = PATHS.filter((path) => isWithin(path, given))
  if (found.length === 0) throw unknownKey(given)
  return found
}
