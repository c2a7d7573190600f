import { removeKey } from './edit/remove-key.ts'
import { setFirstKey, setKey } from './edit/set-key.ts'
import { readMapping, type Splice } from './edit/text-of-yaml.ts'
import { normaliseText } from './parse/decode-document.ts'
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

/**
 * A document's text with keys set or removed. What is not changed stays as it is written: comments, order, quotes, blank
 * lines, line ends. A section is made with its first key, and goes with its last. The document may have wrong keys and
 * values, which is how they are mended, but must be YAML.
 * @throws Error when it is not.
 */
export const editDocument = (text: string, changes: readonly DocumentChange[]): string => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const [lineEnd] = /\r\n?|\n/.exec(text) ?? ['\n']
  const edited = changes.reduce(applyChange, normaliseText(text))
  return mark + (edited.trim() === '' ? renderDocument({ values: {} }) : edited).replaceAll('\n', lineEnd)
}
