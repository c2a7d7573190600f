import { useQuery } from '@tanstack/react-query'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'

/** What a plan makes and costs, as the engine reckons it. */
export const useReview = (plan: DeploymentPlan | null) => {
  const isOpen = useIsOpen()
  return useQuery({
    queryKey: ['review', plan],
    enabled: plan !== null && isOpen,
    queryFn: ({ signal }) => currentClient().call('deployment.review', { plan: plan as DeploymentPlan }, { signal }),
  })
}
