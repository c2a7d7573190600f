import { Button } from '@mantine/core'
import { IconAlertTriangle, IconTool } from '@tabler/icons-react'
import type { DeploymentView } from '../../../contract/app.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useDeploy } from '../deployment/acts.ts'
import { isActing } from '../deployment/phase.ts'
import css from './DriftNote.module.css'

/** Somebody changed at the cloud what we made: what, and the one thing to do about it. */
export const DriftNote = ({ view }: { readonly view: DeploymentView }) => {
  const repair = useDeploy()
  const { drift, plan, profile } = view
  if (drift.length === 0) return null
  return (
    <section className={css.note} role="alert" aria-label="Drift">
      <IconAlertTriangle className={css.icon} size={18} stroke={1.8} aria-hidden />
      <div className={css.body}>
        <p className={css.title}>The cloud is not as Cloud Mole made it</p>
        <ul className={css.list}>
          {drift.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p className={css.text}>
          Somebody or something changed it. Repair makes it again as the plan says, and leaves alone what is as it
          should be; if the change was meant, disconnect and set up another plan.
        </p>
        {repair.error !== null && <ProblemNote problem={toProblem(repair.error)} />}
      </div>
      {plan !== null && (
        <Button
          leftSection={<IconTool size={16} />}
          loading={repair.isPending}
          disabled={isActing(view)}
          onClick={() => repair.mutate({ plan, profile })}
        >
          Repair
        </Button>
      )}
    </section>
  )
}
