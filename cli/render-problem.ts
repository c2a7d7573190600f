import type { ConfigProblem } from '../domain/config/problem.ts'
import { renderProblem } from '../domain/config/problem.ts'
import { plainText } from './plain-text.ts'

/** One line: where, which key, what is wrong, what to do. */
export const renderConfigProblem = (problem: ConfigProblem): string => {
  const next = problem.nextStep === null ? '' : `. ${problem.nextStep}`
  return plainText(renderProblem(problem) + next)
}
