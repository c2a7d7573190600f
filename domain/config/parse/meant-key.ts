import { nearWord } from '../../near-word.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS } from '../keys.ts'

/** Keys of the document itself, beside its sections. */
export const DOCUMENT_KEYS: readonly string[] = ['extends', 'description']

const SECTIONS: readonly string[] = CONFIG_SECTIONS.map(({ path }) => path)
const KEYS: readonly string[] = [...DOCUMENT_KEYS, ...CONFIG_KEYS.map(({ path }) => path)]

const nameIn = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
const sectionOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')))

const whereIs = (path: string): string =>
  sectionOf(path) === '' ? 'at the top, in no section' : `below "${sectionOf(path)}:"`

/**
 * What to do about a name that is no key of `section` (the top is `''`): the name that was probably meant, or the section
 * that it belongs in, or else the names that there are. A name that holds a mapping was meant for a section.
 */
export const meantKey = (name: string, section: string, holds: 'section' | 'value' | 'nothing'): string => {
  const all = holds === 'section' ? SECTIONS : holds === 'value' ? KEYS : [...SECTIONS, ...KEYS]
  const siblings = [...SECTIONS, ...KEYS].filter((path) => sectionOf(path) === section).map(nameIn)
  const dotted = all.find((path) => path.includes('.') && (path === name || path === `${section}.${name}`))
  if (dotted !== undefined) return `Write "${nameIn(dotted)}:" in a line of its own, indented, ${whereIs(dotted)}.`
  const elsewhere = all.find((path) => nameIn(path) === name)
  if (elsewhere !== undefined) return `Did you mean ${elsewhere}? It is written ${whereIs(elsewhere)}.`
  const fitting = all.filter((path) => sectionOf(path) === section).map(nameIn)
  const near = nearWord(name, fitting) ?? nearWord(name, siblings)
  if (near !== null) return `Did you mean "${near}"?`
  const far = nearWord(name, all.map(nameIn))
  const farther = far === null ? undefined : all.find((path) => nameIn(path) === far)
  if (farther !== undefined) return `Did you mean ${farther}? It is written ${whereIs(farther)}.`
  return section === ''
    ? `The sections are ${siblings.filter((each) => SECTIONS.includes(each)).join(', ')}.`
    : `The keys of ${section} are ${siblings.join(', ')}.`
}
