import type { Diagnostic } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import type { ConfigProblem, Place } from '../../../domain/config/problem.ts'

const offsetOf = (doc: Text, line: number, column: number): number => {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(from + Math.max(0, column - 1), to)
}

/** The range of a text that a problem concerns. A place behind its end is its last character. */
export const rangeOf = (doc: Text, { line, column, endLine, endColumn }: Place): { from: number; to: number } => {
  const from = offsetOf(doc, line, column)
  return { from, to: Math.max(from, offsetOf(doc, endLine, endColumn)) }
}

/** Problems of one source as the editor shows them; those of other files, and those without a place, at the first line. */
export const diagnosticsOf = (doc: Text, problems: readonly ConfigProblem[], source: string): Diagnostic[] =>
  problems
    .map((problem): Diagnostic => {
      const isHere = problem.source === source && problem.place !== null
      const range = isHere && problem.place !== null ? rangeOf(doc, problem.place) : { from: 0, to: doc.line(1).to }
      const where = isHere ? '' : `${problem.source}: `
      const next = problem.nextStep === null ? '' : `\n${problem.nextStep}`
      return { ...range, severity: 'error', message: `${where}${problem.key} ${problem.message}.${next}` }
    })
    .toSorted((a, b) => a.from - b.from)
