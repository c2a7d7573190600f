import { Button, Progress } from '@mantine/core'
import { Link } from 'wouter'
import type { Act } from '../../../contract/app.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useCancelAct } from '../deployment/acts.ts'
import { useDeployment } from '../deployment/deployment-store.ts'
import { cancelWords, currentStep, describeAct, doneSteps, isTurningBack } from '../deployment/phase.ts'
import css from './ActProgress.module.css'

/** The running act in a few lines: which step of how many, since when, and the way to stop it. */
export const ActProgress = ({ act }: { readonly act: Act }) => {
  const cancel = useCancelAct()
  const view = useDeployment((state) => state.view)
  const done = doneSteps(act)
  return (
    <div className={css.progress}>
      <p className={css.line}>
        <span>
          Step {Math.min(done + 1, act.steps.length)} of {act.steps.length}: {currentStep(act)?.title}
        </span>
        <Elapsed sinceMs={act.startedAtMs} untilMs={act.endedAtMs} />
      </p>
      <Progress value={(100 * done) / Math.max(1, act.steps.length)} aria-label={describeAct(act)} />
      <div className={css.actions}>
        <Button
          component={Link}
          href={act.verb === 'deploy' ? '/deploy/progress' : '/activity'}
          variant="default"
          size="xs"
        >
          Show steps
        </Button>
        {act.verb === 'deploy' && (
          <Button
            variant="subtle"
            color="clay"
            size="xs"
            loading={cancel.isPending}
            disabled={view !== null && isTurningBack(view)}
            onClick={() => cancel.mutate()}
          >
            {view !== null && cancelWords(view)}
          </Button>
        )}
      </div>
      {cancel.error !== null && <ProblemNote problem={toProblem(cancel.error)} />}
    </div>
  )
}
