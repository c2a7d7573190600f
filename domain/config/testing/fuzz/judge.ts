import { isDeepStrictEqual } from 'node:util'
import type { ConfigDocument } from '../../document.ts'
import { decodeDocument } from '../../parse/decode-document.ts'
import { type ParsedDocument, parseConfigDocument } from '../../parse-document.ts'
import type { ConfigProblem } from '../../problem.ts'
import { renderDocument } from '../../render-document.ts'
import { Config } from '../../schema.ts'

const isInside = (lines: readonly string[], line: number, column: number): boolean =>
  line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1

const flawOf = ({ source, place, key, message }: ConfigProblem, lines: readonly string[]): string | null => {
  if (source !== 'fuzz.yaml') return 'does not name its source'
  if (key === '' || message === '' || /[\n\r\p{Cs}]/u.test(key + message)) return 'has no key or message in one line'
  if (place === null || !isInside(lines, place.line, place.column)) return 'begins outside the text'
  if (!isInside(lines, place.endLine, place.endColumn)) return 'ends outside the text'
  return place.endLine < place.line || (place.endLine === place.line && place.endColumn < place.column)
    ? 'ends before it begins'
    : null
}

const isInOrder = (problems: readonly ConfigProblem[]): boolean =>
  problems.every(({ place }, index) => {
    const before = problems[index - 1]?.place
    if (!before || !place) return true
    return before.line < place.line || (before.line === place.line && before.column <= place.column)
  })

const flawOfAccepted = ({ document }: ParsedDocument): string | null => {
  if (document === null) return 'is neither accepted nor refused'
  if (!Config.safeParse(document.values).success) return 'is accepted and has values that the schema refuses'
  const again = parseConfigDocument(renderDocument(document), 'again.yaml').document
  const saying = ({ extends: parent, description, values }: ConfigDocument): unknown => ({
    parent,
    description,
    values,
  })
  return again !== null && isDeepStrictEqual(saying(again), saying(document)) ? null : 'is rendered otherwise'
}

/** What is wrong with an answer of the parser; `null` when nothing is. */
export const flawOfAnswer = (given: string | Uint8Array, parsed: ParsedDocument): string | null => {
  const { document, problems } = parsed
  if (problems.length === 0) return flawOfAccepted(parsed)
  if (document !== null) return 'is accepted and refused'
  if (problems.length > 50) return 'has more problems than are told'
  if (!isInOrder(problems)) return 'has problems out of order'
  const lines = decodeDocument(given).text.split('\n')
  return problems.map((problem) => flawOf(problem, lines)).find((flaw) => flaw !== null) ?? null
}
