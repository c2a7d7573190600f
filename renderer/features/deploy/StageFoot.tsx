import { Button } from '@mantine/core'
import { useLocation } from 'wouter'
import css from './Deploy.module.css'
import { usePlanDraft } from './plan-draft.ts'
import { previousOf, STAGE_TITLES, type Stage, stagesOf } from './stages.ts'

/** `Continue to capacity` */
const nextTitle = (target: 'lab' | 'aws', stage: Stage): string => {
  const stages = stagesOf(target)
  return STAGE_TITLES[stages[stages.indexOf(stage) + 1] ?? stage].toLowerCase()
}

type Props = { readonly stage: Stage; readonly disabled?: boolean; readonly children?: React.ReactNode }

/** The way back and the way on. The page is a form: going on submits it. */
export const StageFoot = ({ stage, disabled = false, children }: Props) => {
  const [, navigate] = useLocation()
  const target = usePlanDraft((draft) => draft.target)
  return (
    <div className={css.foot}>
      <Button variant="default" onClick={() => navigate(previousOf(target, stage))}>
        Back
      </Button>
      <Button type="submit" disabled={disabled}>
        Continue to {nextTitle(target, stage)}
      </Button>
      {children}
    </div>
  )
}
