import { useParams } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import { Page } from '../../ui/Page.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { isGone } from '../deployment/phase.ts'
import { AlreadyDeployed } from './AlreadyDeployed.tsx'
import { ConnectedStep } from './ConnectedStep.tsx'
import css from './Deploy.module.css'
import { ProgressStep } from './ProgressStep.tsx'
import { ReviewStep } from './ReviewStep.tsx'
import { StageBar } from './StageBar.tsx'
import { isStage, type Stage } from './stages.ts'
import { TargetStep } from './TargetStep.tsx'
import { TunnelsStep } from './TunnelsStep.tsx'

/** Pages that write a plan make sense only while nothing is deployed. */
const isWriting = (stage: Stage): boolean => ['target', 'tunnels', 'review'].includes(stage)

const isFree = (view: DeploymentView | null): boolean => view === null || view.phase === 'none' || isGone(view)

const Content = ({ stage, view }: { readonly stage: Stage; readonly view: DeploymentView | null }) => {
  if (isWriting(stage) && view !== null && !isFree(view)) return <AlreadyDeployed view={view} />
  if (stage === 'target') return <TargetStep />
  if (stage === 'tunnels') return <TunnelsStep />
  if (stage === 'review') return <ReviewStep />
  return stage === 'progress' ? <ProgressStep view={view} /> : <ConnectedStep view={view} />
}

/** The wizard: target → tunnels → review → progress → connected. Each page has an address, so "back" works. */
export const Deploy = () => {
  const { step = 'target' } = useParams<{ step?: string }>()
  const view = useDeployment((state) => state.view)
  const stage = isStage(step) ? step : 'target'
  return (
    <Page title="Deploy" lead="From nothing to a bundle of tunnels. Nothing is made before you have reviewed it.">
      <div className={css.wizard}>
        <StageBar here={stage} />
        <Content stage={stage} view={view} />
      </div>
    </Page>
  )
}
