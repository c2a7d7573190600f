import { Button, Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import type { Act, DeploymentView } from '../../../contract/app.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useCancelAct, useDeploy } from '../deployment/acts.ts'
import { cancelWords, describeAct, isTurningBack, isUp } from '../deployment/phase.ts'
import { StepList } from '../deployment/StepList.tsx'
import css from './Deploy.module.css'
import { draftOf, usePlanDraft } from './plan-draft.ts'
import { StageBody } from './StageBody.tsx'

const titleOf = (view: DeploymentView, act: Act): string => {
  if (isTurningBack(view)) return 'Rolling back'
  if (act.state === 'cancelled') return view.id === null ? 'Cancelled and rolled back' : 'Cancelled'
  return act.state === 'failed' ? 'That did not work' : describeAct(act)
}

const textOf = (view: DeploymentView, act: Act): string => {
  if (isTurningBack(view)) return 'What was made so far is removed again.'
  if (act.state === 'cancelled')
    return view.id === null
      ? 'What had been made was removed again. Nothing is left.'
      : 'The deployment is left as it is.'
  return act.state === 'failed' ? 'The step that failed says why.' : 'You may leave this page; it goes on without you.'
}

const CancelButton = ({ view }: { readonly view: DeploymentView }) => {
  const cancel = useCancelAct()
  return (
    <>
      {cancel.error !== null && <ProblemNote problem={toProblem(cancel.error)} />}
      <Button
        variant="default"
        loading={cancel.isPending}
        disabled={isTurningBack(view)}
        onClick={() => cancel.mutate()}
      >
        {cancelWords(view)}
      </Button>
    </>
  )
}

/** After a failure or a cancellation: once more, another plan, or leave it. */
const WhatNow = ({ view }: { readonly view: DeploymentView }) => {
  const deploy = useDeploy()
  const { plan, profile } = view
  return (
    <>
      {plan !== null && (
        <Button loading={deploy.isPending} onClick={() => deploy.mutate({ plan, profile })}>
          Try again
        </Button>
      )}
      <Button
        component={Link}
        href={plan?.target === 'aws' ? '/deploy/network' : '/deploy/tunnels'}
        variant="default"
        onClick={() => plan !== null && usePlanDraft.setState(draftOf(plan))}
      >
        Change the plan
      </Button>
      <Button component={Link} href="/" variant="subtle">
        Go to Overview
      </Button>
      {deploy.error !== null && <ProblemNote problem={toProblem(deploy.error)} />}
    </>
  )
}

const Steps = ({ view, act }: { readonly view: DeploymentView; readonly act: Act }) => (
  <StageBody title={titleOf(view, act)} text={textOf(view, act)}>
    {view.problem !== null && act.state !== 'running' && <ProblemNote problem={view.problem} />}
    <Panel title="Steps" aside={<Elapsed sinceMs={act.startedAtMs} untilMs={act.endedAtMs} />}>
      <StepList steps={act.steps} />
    </Panel>
    <div className={css.foot}>{act.state === 'running' ? <CancelButton view={view} /> : <WhatNow view={view} />}</div>
  </StageBody>
)

/** The act as it goes: every step, its time and log, and the way back. */
export const ProgressStep = ({ view }: { readonly view: DeploymentView | null }) => {
  const [, navigate] = useLocation()
  const isDone = view !== null && isUp(view) && view.act?.state !== 'running'
  useEffect(() => {
    if (isDone) navigate('/deploy/connected', { replace: true })
  }, [isDone, navigate])
  if (view === null || isDone) return <Skeleton height={320} radius="md" />
  if (view.act === null || view.act.verb === 'teardown')
    return (
      <Panel title="Steps">
        <EmptyNote title="No deployment is under way" text="Its steps appear here as soon as one is started.">
          <Button component={Link} href="/deploy">
            Start one
          </Button>
        </EmptyNote>
      </Panel>
    )
  return <Steps view={view} act={view.act} />
}
