import type { ReactNode } from 'react'
import { PART_NAMES } from '../../../domain/probe/describe.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import type { ProbePart } from '../../../domain/probe/request.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import css from './Probe.module.css'
import { absenceOf, toShown } from './part-words.ts'

type Props<Part extends ProbePart> = {
  readonly part: Part
  readonly report: ProbeReport
  readonly title?: string
  /** Height of what will be there, px: nothing moves when it comes. */
  readonly height: number
  readonly className?: string | undefined
  readonly aside?: ReactNode
  readonly children: (result: NonNullable<ProbeReport[Part]['result']>) => ReactNode
}

/** What one part of a probe found; else why there is nothing; while it is awaited, its place. */
export const PartPanel = <Part extends ProbePart>({
  part,
  report,
  title = PART_NAMES[part],
  height,
  className,
  aside,
  children,
}: Props<Part>) => {
  const { state, problem, result, doing } = report[part]
  if (state === 'left-out') return null
  const absence = absenceOf(state)
  return (
    <Panel title={title} className={className} aside={result === null ? null : aside}>
      {problem !== null && (
        <div className={css.problem}>
          <ProblemNote problem={toShown(problem)} tone="warn" />
        </div>
      )}
      {result !== null
        ? children(result as NonNullable<ProbeReport[Part]['result']>)
        : problem === null &&
          (absence === null ? (
            <div className={css.awaited} style={{ minHeight: height }} data-running={state === 'running'}>
              {doing === '' ? 'Comes next' : doing}
            </div>
          ) : (
            <p className={css.absent}>{absence}</p>
          ))}
    </Panel>
  )
}
