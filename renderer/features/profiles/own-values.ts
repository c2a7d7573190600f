import { parseDocument } from 'yaml'
import { editDocument } from '../../../domain/config/edit-document.ts'
import { valueAt } from '../../../domain/config/keys.ts'
import { parseConfigDocument } from '../../../domain/config/parse-document.ts'

/** What a text says, wrong values too; `null` when a form cannot change it: then only the text itself can be mended. */
export const readOwnValues = (text: string): object | null => {
  try {
    // Refuses what is no mapping.
    editDocument(text, [])
    // What is unsafe to read on has one problem, of the whole document.
    const { problems } = parseConfigDocument(text, '')
    if (problems.some(({ key }) => key === 'document')) return null
    const values: unknown = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false }).toJS()
    return typeof values === 'object' && values !== null ? values : {}
  } catch {
    return null
  }
}

/** The text at `extends` or `description`, `null` when there is none. */
export const ownText = (values: object, name: 'extends' | 'description'): string | null => {
  const value = valueAt(values, name)
  return typeof value === 'string' ? value : null
}
