import type { Document, ErrorCode } from 'yaml'
import type { Mark } from './survey-lexemes.ts'

const WRITE_KEY = 'Write it as "key: value".'
const SPACES_ONLY = 'Indent with spaces: two for each level.'
const ALIGN = 'Keys of one section begin in the same column, those of a section within two spaces further.'

/** What the reader says in its own words, in ours. */
const SENTENCES: Partial<Record<ErrorCode, readonly [message: string, nextStep: string]>> = {
  TAB_AS_INDENT: ['is indented with a tab', SPACES_ONLY],
  BAD_INDENT: ['is not indented as what it belongs to', ALIGN],
  BLOCK_AS_IMPLICIT_KEY: [
    'has a second ":" in its value, or the next line is indented too far',
    'Write each key in a line of its own, in the same column as the others, or the value in quotes.',
  ],
  MULTILINE_IMPLICIT_KEY: ['must have its key in one line', `Is a ":" missing? ${ALIGN}`],
  MULTIPLE_DOCS: [
    'must be one document, and another begins here',
    'Keep one of them, without a line "---" or "..." between.',
  ],
  BAD_DQ_ESCAPE: [
    'has an escape in double quotes that YAML does not know',
    'Write \\\\ for a backslash, or use single quotes.',
  ],
  KEY_OVER_1024_CHARS: ['has a key that is far too long', WRITE_KEY],
  BAD_SCALAR_START: ['begins with a character that YAML keeps for itself', 'Write the value in quotes.'],
}

/** Told already, with their place, by the survey. */
const SURVEYED: ReadonlySet<ErrorCode> = new Set([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_COLLECTION_TYPE',
  'BAD_DIRECTIVE',
  'BAD_PROP_ORDER',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
])

/** What is missing, which a code alone does not tell. */
const MISSING: readonly (readonly [RegExp, string, string])[] = [
  [/map values/, 'must be followed by ":" and a value', WRITE_KEY],
  [/quote/, 'has a quote that is not closed', 'Close it.'],
  [/must end with/, 'has a bracket that is not closed', 'Close it.'],
  [/indented and end with/, 'has a bracket before it that is not closed', 'Close it.'],
]

const MAY_BE_MISSING: ReadonlySet<ErrorCode> = new Set(['MISSING_CHAR', 'BAD_INDENT'])

const inOurWords = (code: ErrorCode, message: string): readonly [message: string, nextStep: string] => {
  const [, sentence, nextStep] = (MAY_BE_MISSING.has(code) && MISSING.find(([sign]) => sign.test(message))) || []
  if (sentence !== undefined && nextStep !== undefined) return [sentence, nextStep]
  // The reader quotes what it found.
  const theirs = message.replaceAll(/\s+/g, ' ').slice(0, 100)
  return SENTENCES[code] ?? [`is not YAML: ${theirs}`, WRITE_KEY]
}

/** What is wrong with a document as YAML, in the order of the text. */
export const syntaxProblems = (yaml: Document.Parsed, isMarked: boolean): Mark[] =>
  [...yaml.errors, ...yaml.warnings]
    .filter(({ code }) => !(isMarked && SURVEYED.has(code)))
    .map(({ code, pos: [from, to], message }): Mark => {
      const [sentence, nextStep] = inOurWords(code, message)
      return { from, to, message: sentence, nextStep }
    })
    .sort((a, b) => a.from - b.from)
