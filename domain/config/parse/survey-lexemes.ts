import { CST, Lexer } from 'yaml'
import type { Flaw } from './decode-document.ts'

/** Something YAML has and a configuration does not. */
export type Mark = { readonly from: number; readonly to: number; readonly message: string; readonly nextStep: string }

export type Survey = {
  readonly marks: readonly Mark[]
  /** Why the text must not be read on. */
  readonly flaw: Flaw | null
}

/** A configuration has three levels; the YAML reader recurses, and would run out of stack at some thousands. */
const DEEPEST = 32
/** Every key there is takes some 600. Each may be an error that costs as much as an exception. */
const MOST_LEXEMES = 30_000
const MOST_MARKS = 50

type Lexeme = { readonly kind: string; readonly text: string; readonly at: number }

/** The lexer's own signs: they stand for no character of the text. */
const WITHOUT_WIDTH: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR])

function* lexemesOf(text: string): Generator<Lexeme> {
  let at = 0
  let isScalar = false
  for (const source of new Lexer().lex(text)) {
    const kind: string = isScalar ? 'value' : (CST.tokenType(source) ?? 'value')
    isScalar = !isScalar && kind === 'scalar'
    yield { kind, text: source, at }
    if (!WITHOUT_WIDTH.has(source)) at += source.length
  }
}

type Refusal = readonly [message: string, nextStep: string]

const REFUSED: Readonly<Record<string, Refusal>> = {
  anchor: ['must not use anchors (&name)', 'Write the value itself, and again where it is wanted twice.'],
  alias: ['must not use aliases (*name)', 'Write the value itself.'],
  tag: ['must not use tags (!name)', 'Write the value alone: its key says of what kind it is.'],
  'explicit-key-ind': ['must not use "?" for a key', 'Write it as "key: value".'],
}

const refusalOf = ({ kind, text }: Lexeme): Refusal | undefined => {
  if (kind !== 'directive-line') return REFUSED[kind]
  return /^%YAML[ \t]+1\.2[ \t]*(#.*)?$/.test(text)
    ? undefined
    : ['must not use directives other than "%YAML 1.2"', 'Remove the line.']
}

const INDICATORS = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind'])
const BLANKS = new Set(['space', 'comment', 'newline', 'doc-mode', 'scalar', 'byte-order-mark', 'directive-line'])

/**
 * Follows how deep the text is nested: the columns that blocks begin at, and the brackets that are open. A level may be
 * counted for two (`- - a`), two blocks of one column for one; so it is right within a factor of two.
 */
const nesting = (): ((lexeme: Lexeme) => number) => {
  const columns: number[] = []
  let [brackets, lineStart, mayBegin] = [0, 0, true]
  const beginBlock = (column: number): void => {
    while ((columns.at(-1) ?? -1) >= column) columns.pop()
    columns.push(column)
  }
  return ({ kind, text, at }) => {
    if (kind === 'newline' && text !== '') [lineStart, mayBegin] = [at + text.length, true]
    if (kind === 'doc-start') [columns.length, mayBegin] = [0, true]
    else if (!BLANKS.has(kind)) {
      if (brackets === 0 && mayBegin) beginBlock(at - lineStart)
      mayBegin = INDICATORS.has(kind)
      if (kind === 'flow-error-end') brackets = 0
      if (kind.endsWith('-start')) brackets += 1
      if (kind.endsWith('-end') && brackets > 0) brackets -= 1
      // A scalar of several lines: what follows it stands in its last line.
      const lineBreak = kind === 'value' || kind.endsWith('-scalar') ? text.lastIndexOf('\n') : -1
      if (lineBreak !== -1) [lineStart, mayBegin] = [at + lineBreak + 1, mayBegin || lineBreak === text.length - 1]
    }
    return columns.length + brackets
  }
}

/** Each escape may be an error, too. */
const escapesIn = ({ kind, text }: Lexeme): number =>
  kind === 'double-quoted-scalar' ? text.split('\\').length - 1 : 0

/**
 * Looks over a text before it is read as YAML, in one pass and without recursion: whether reading it is safe, and what
 * it has of YAML that a configuration must not have.
 */
export const surveyLexemes = (text: string): Survey => {
  const marks: Mark[] = []
  const depthAfter = nesting()
  let count = 0
  for (const lexeme of lexemesOf(text)) {
    const { at } = lexeme
    count += 1 + escapesIn(lexeme)
    if (count > MOST_LEXEMES)
      return {
        marks,
        flaw: {
          at,
          message: `must have at most ${MOST_LEXEMES} words and signs`,
          nextStep: 'Remove what is no part of it.',
        },
      }
    if (depthAfter(lexeme) > DEEPEST)
      return {
        marks,
        flaw: {
          at,
          message: `must be nested at most ${DEEPEST} levels deep`,
          nextStep: 'A key is in a section, or in a section of a section.',
        },
      }
    const refusal = marks.length < MOST_MARKS ? refusalOf(lexeme) : undefined
    if (refusal !== undefined)
      marks.push({ from: at, to: at + lexeme.text.trimEnd().length, message: refusal[0], nextStep: refusal[1] })
  }
  return { marks, flaw: null }
}
