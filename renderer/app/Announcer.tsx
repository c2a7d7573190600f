import { VisuallyHidden } from '@mantine/core'
import { useDeployment } from '../features/deployment/deployment-store.ts'
import { currentStep, describePhase } from '../features/deployment/phase.ts'

/** Says changes of the deployment to those who do not look at the screen. */
export const Announcer = () => {
  const text = useDeployment(({ view }) => {
    if (view === null) return ''
    const step = view.act?.state === 'running' ? currentStep(view.act) : null
    return step === null ? describePhase(view.phase).title : `${describePhase(view.phase).title}: ${step.title}`
  })
  return (
    <VisuallyHidden role="status" aria-live="polite" aria-label="Deployment state">
      {text}
    </VisuallyHidden>
  )
}
