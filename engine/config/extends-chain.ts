import { basename, dirname, resolve } from 'node:path'
import { MoleError } from '../../contract/errors.ts'
import type { ConfigDocument } from '../../domain/config/document.ts'
import { namesFile } from '../../domain/config/names-file.ts'
import { parseConfigDocument } from '../../domain/config/parse-document.ts'
import type { ConfigProblem } from '../../domain/config/problem.ts'
import { SHIPPED_NAMES } from '../../domain/config/shipped-names.ts'
import { nearWord } from '../../domain/near-word.ts'
import { observeFile } from '../profiles/observe-file.ts'
import { isShipped, readShipped, shippedSource } from './shipped.ts'

/** A document to be read: what it says, what it is called, and where relative paths in it begin. */
export type Origin = { readonly text: string; readonly source: string; readonly directory: string }

/** A document with everything it extends. */
export type Chain = {
  /** The document itself; `null` when it has problems. */
  readonly own: ConfigDocument | null
  /** What it extends, the furthest ancestor first. */
  readonly ancestors: readonly ConfigDocument[]
  readonly problems: readonly ConfigProblem[]
}

/** Documents that extend one another, at most; more is a mistake, or malice. */
const LONGEST_CHAIN = 8

/** What `extends` names, as it is known to the chain. */
type Parent = Origin & { readonly id: string }

const findParent = async (name: string, directory: string): Promise<Parent> => {
  if (isShipped(name)) return { id: name, text: await readShipped(name), source: shippedSource(name), directory }
  if (!namesFile(name)) throw noSuchName(name)
  const path = resolve(directory, name)
  const file = await observeFile(path).catch((error: unknown) => {
    throw unreadable(
      path,
      error instanceof MoleError
        ? 'is not a regular file'
        : `cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
  })
  if (file === null) throw unreadable(path, 'is not there')
  if (file.bytes === null) throw unreadable(path, 'is larger than a configuration may be')
  if (file.text === null) throw unreadable(path, 'holds no UTF-8 text')
  return { id: path, text: file.text, source: path, directory: dirname(path) }
}

const noSuchName = (name: string): MoleError => {
  const near = nearWord(name, SHIPPED_NAMES)
  return new MoleError('not-found', `"${name}" is not a configuration that comes with Cloud Mole`, {
    nextStep: `${near === null ? '' : `Did you mean "${near}"? `}Give ${SHIPPED_NAMES.join(', ')}, or the path of a YAML file (with "/" or ".yaml").`,
  })
}

const unreadable = (path: string, what: string): MoleError =>
  new MoleError('not-found', `extends ${path}, which ${what}`, {
    nextStep: 'Correct the path; it begins at the directory of the document that names it.',
  })

const problemAt = (document: ConfigDocument, error: Pick<MoleError, 'message' | 'data'>): ConfigProblem => ({
  source: document.source,
  place: document.places.get('extends') ?? null,
  key: 'extends',
  message: error.message,
  nextStep: error.data.nextStep ?? null,
})

const circular = (ids: readonly string[]): MoleError =>
  new MoleError('bad-input', `extends itself: ${ids.join(' → ')}`, { nextStep: 'Take one of the links out.' })

const tooLong = (): MoleError =>
  new MoleError('bad-input', `makes a chain of more than ${LONGEST_CHAIN} documents`, {
    nextStep: 'Put what they say into fewer documents.',
  })

/** The path that a document has, or would have once it is saved: what it extends may lead back to it. */
const idOf = ({ source, directory }: Origin): string => resolve(directory, basename(source))

/** Reads a document and everything it extends. What is wrong with any of them is in `problems`. */
export const readChain = async (origin: Origin): Promise<Chain> => {
  const { document: own, problems } = parseConfigDocument(origin.text, origin.source)
  const ancestors: ConfigDocument[] = []
  const ids = [idOf(origin)]
  let child: ConfigDocument | null = own
  let { directory } = origin
  const found: ConfigProblem[] = [...problems]
  while (child !== null && child.extends !== null) {
    const heir: ConfigDocument = child
    try {
      const parent: Parent = await findParent(child.extends, directory)
      if (ids.includes(parent.id)) throw circular([...ids, parent.id])
      if (ids.length >= LONGEST_CHAIN) throw tooLong()
      ids.push(parent.id)
      const parsed = parseConfigDocument(parent.text, parent.source)
      found.push(...parsed.problems)
      if (parsed.document !== null) ancestors.unshift(parsed.document)
      child = parsed.document
      directory = parent.directory
    } catch (error) {
      if (!(error instanceof MoleError)) throw error
      found.push(problemAt(heir, error))
      break
    }
  }
  return { own, ancestors, problems: found }
}
