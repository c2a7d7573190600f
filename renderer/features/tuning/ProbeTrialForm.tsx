import { Button, Skeleton } from '@mantine/core'
import { useId } from 'react'
import { Link } from 'wouter'
import type { OptimizeReview } from '../../../contract/app.ts'
import type { PlanChange } from '../../../domain/probe/plan-change.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderDuration, renderTime } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Changes.module.css'
import { useOptimizeBy, useOptimizeReview, useStartOptimizing } from './optimize-acts.ts'
import { TrialLengthFields } from './TrialLengthFields.tsx'
import tuning from './Tuning.module.css'
import { useTrialLength } from './trial-length.ts'

const Change = ({ change: { what, key, now, next, reason } }: { readonly change: PlanChange }) => (
  <li className={css.change}>
    <span className={css.what}>{what}</span>
    <span className={css.values}>
      <span className={css.now}>{now}</span>
      {' → '}
      <span className={css.next}>{next}</span>
    </span>
    <span className={css.reason}>{reason}</span>
    <code className={css.key}>{key}</code>
  </li>
)

const Changes = ({ title, changes }: { readonly title: string; readonly changes: readonly PlanChange[] }) => {
  const id = useId()
  if (changes.length === 0) return null
  return (
    <div>
      <h3 className={tuning.subtitle} id={id}>
        {title}
      </h3>
      <ul className={css.changes} aria-labelledby={id}>
        {changes.map((change) => (
          <Change key={`${change.key} ${change.what}`} change={change} />
        ))}
      </ul>
    </div>
  )
}

type FormProps = { readonly review: OptimizeReview; readonly isFree: boolean }

const Form = ({ review: { probe, changes }, isFree }: FormProps) => {
  const length = useTrialLength()
  const start = useStartOptimizing()
  const live = changes.filter(({ when }) => when === 'live')
  return (
    <form
      className={tuning.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (length.isSound) start.mutate({ fromProbe: probe.id, ...length.order })
      }}
    >
      <p className={tuning.hint}>
        By{' '}
        <Link href={`/probe/earlier/${probe.id}`} className={css.probe ?? ''}>
          the probe of {renderTime(probe.startedAtMs)}
        </Link>
        , towards {probe.targetName}.
      </p>
      <Changes title="Tried on what is up" changes={live} />
      <Changes
        title="Only another deployment changes this"
        changes={changes.filter(({ when }) => when === 'next-up')}
      />
      {changes.length === 0 && <p className={tuning.hint}>All is as it recommends.</p>}
      {live.length > 0 && (
        <>
          <TrialLengthFields length={length} />
          {start.error !== null && <ProblemNote problem={toProblem(start.error)} />}
          <div className={tuning.start}>
            <p className={tuning.hint}>
              {length.isSound &&
                `Takes about ${renderDuration(length.takesMs(live.length))}, and sends traffic meanwhile. What is no better is taken back.`}
            </p>
            <Button type="submit" loading={start.isPending} disabled={!isFree || !length.isSound}>
              Start measuring
            </Button>
          </div>
        </>
      )}
    </form>
  )
}

type Props = { readonly plan: DeploymentPlan; readonly isFree: boolean }

/** What a probe recommends otherwise than it is: shown with its reasons, then tried. */
export const ProbeTrialForm = ({ plan, isFree }: Props) => {
  const probe = useOptimizeBy((state) => state.probe)
  const review = useOptimizeReview(probe, plan)
  if (review.error !== null) return <ProblemNote problem={toProblem(review.error)} tone="warn" />
  if (review.data === undefined) return <Skeleton height={180} radius="sm" aria-busy="true" />
  return <Form review={review.data} isFree={isFree} />
}
