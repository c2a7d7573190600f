import { Redirect, useParams } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import { Page } from '../../ui/Page.tsx'
import { StageBar } from '../../ui/StageBar.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { isGone } from '../deployment/phase.ts'
import { AlreadyDeployed } from './AlreadyDeployed.tsx'
import { CapacityStep } from './CapacityStep.tsx'
import { ConnectedStep } from './ConnectedStep.tsx'
import css from './Deploy.module.css'
import { NetworkStep } from './NetworkStep.tsx'
import { ProgressStep } from './ProgressStep.tsx'
import { usePlanDraft } from './plan-draft.ts'
import { ReviewStep } from './ReviewStep.tsx'
import { SecurityStep } from './SecurityStep.tsx'
import { STAGE_TITLES, type Stage, stagesOf } from './stages.ts'
import { TargetStep } from './TargetStep.tsx'
import { TunnelsStep } from './TunnelsStep.tsx'

/** These pages make sense also while something is deployed; the others write a plan. */
const isWatching = (stage: Stage): boolean => stage === 'progress' || stage === 'connected'

const isFree = (view: DeploymentView | null): boolean => view === null || view.phase === 'none' || isGone(view)

const PLAN_PAGES: Readonly<Partial<Record<Stage, () => React.ReactNode>>> = {
  tunnels: () => <TunnelsStep />,
  network: () => <NetworkStep />,
  capacity: () => <CapacityStep />,
  security: () => <SecurityStep />,
  review: () => <ReviewStep />,
}

const Content = ({ stage, view }: { readonly stage: Stage; readonly view: DeploymentView | null }) => {
  if (!isWatching(stage) && view !== null && !isFree(view)) return <AlreadyDeployed view={view} />
  if (stage === 'progress') return <ProgressStep view={view} />
  if (stage === 'connected') return <ConnectedStep view={view} />
  return PLAN_PAGES[stage]?.() ?? <TargetStep />
}

/** The wizard: from the target to what stands. Each page has an address, so "back" works. */
export const Deploy = () => {
  const { step = 'target' } = useParams<{ step?: string }>()
  const view = useDeployment((state) => state.view)
  const drafted = usePlanDraft((draft) => draft.target)
  const isAbout = step === 'progress' || step === 'connected'
  const stages = stagesOf(isAbout ? (view?.plan?.target ?? drafted) : drafted)
  const stage = stages.find((each) => each === step)
  // A page of another target: the draft is not for it, for instance after a reload.
  if (stage === undefined) return <Redirect to="/deploy" replace />
  return (
    <Page title="Deploy" lead="From nothing to a bundle of tunnels. Nothing is made before you have reviewed it.">
      <div className={css.wizard}>
        <StageBar label="Stages of the deployment" stages={stages} titles={STAGE_TITLES} here={stage} />
        <Content stage={stage} view={view} />
      </div>
    </Page>
  )
}
