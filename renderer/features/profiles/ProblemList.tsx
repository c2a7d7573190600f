import type { ConfigProblem } from '../../../domain/config/problem.ts'
import css from './Editor.module.css'

type Props = {
  readonly problems: readonly ConfigProblem[]
  readonly source: string
  readonly onGoTo: (problem: ConfigProblem) => void
}

const placeText = ({ source: where, place }: ConfigProblem, source: string): string => {
  const at = place === null ? '' : `line ${place.line}, column ${place.column}`
  if (where === source) return at
  return at === '' ? where : `${where}, ${at}`
}

/** What is wrong with a text, and where. */
export const ProblemList = ({ problems, source, onGoTo }: Props) => (
  <ul className={css.problems}>
    {problems.map((problem) => {
      const place = placeText(problem, source)
      const { key, message, nextStep } = problem
      return (
        <li key={`${place} ${key} ${message}`}>
          {problem.source === source && problem.place !== null ? (
            <button type="button" className={css.place} onClick={() => onGoTo(problem)}>
              {place}
            </button>
          ) : (
            <span className={css.elsewhere}>{place}</span>
          )}
          <span>
            <span className="mono">{key}</span> {message}.{nextStep !== null && ` ${nextStep}`}
          </span>
        </li>
      )
    })}
  </ul>
)
