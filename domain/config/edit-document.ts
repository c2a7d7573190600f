import { removeKey } from './edit/remove-key.ts'
import { setFirstKey, setKey } from './edit/set-key.ts'
import { readMapping, type Splice } from './edit/text-of-yaml.ts'
import { decodeDocument } from './parse/decode-document.ts'
import { surveyLexemes } from './parse/survey-lexemes.ts'
import { renderDocument } from './render-document.ts'

/** One key of a document (`tunnel.mtu`, also `description`) and its new value; `undefined` removes it. */
export type DocumentChange = { readonly path: string; readonly value: unknown }

const spliceFor = (text: string, { path, value }: DocumentChange): Splice | null => {
  const map = readMapping(text)
  const names = path.split('.')
  if (value === undefined) return map === null ? null : removeKey(text, map, names)
  return map === null ? setFirstKey(text, names, value) : setKey(text, map, names, value)
}

const applyChange = (text: string, change: DocumentChange): string => {
  const splice = spliceFor(text, change)
  return splice === null ? text : text.slice(0, splice.from) + splice.text + text.slice(splice.to)
}

/** The text as it is read. @throws Error when there are no keys in it to change, or it is unsafe to read. */
const readable = (given: string): string => {
  const { text, flaw } = decodeDocument(given)
  const { message } = flaw ?? surveyLexemes(text).flaw ?? {}
  if (message !== undefined) throw new Error(`The text ${message}`)
  readMapping(text)
  return text
}

/**
 * A document's text with keys set or removed. What is not changed stays as it is written: comments, order, quotes, blank
 * lines, line ends. A section is made with its first key, and goes with its last. The document may have wrong keys and
 * values, which is how they are mended, but must be YAML.
 * @throws Error when it is not, whatever the changes.
 */
export const editDocument = (given: string, changes: readonly DocumentChange[]): string => {
  const text = readable(given)
  if (changes.length === 0) return given
  const mark = given.startsWith('\uFEFF') ? '\uFEFF' : ''
  const [lineEnd] = /\r\n?|\n/.exec(given) ?? ['\n']
  const edited = changes.reduce(applyChange, text)
  return mark + (edited.trim() === '' ? renderDocument({ values: {} }) : edited).replaceAll('\n', lineEnd)
}
