import { useMutation, useQuery } from '@tanstack/react-query'
import { create } from 'zustand'
import type { AppContract } from '../../../contract/app.ts'
import type { InputOf } from '../../../contract/define.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'

type Order = InputOf<AppContract, 'optimize.start'>

export const useStartOptimizing = () =>
  useMutation({ mutationFn: (order: Order) => currentClient().call('optimize.start', order) })

/** What a probe would change of what is up; `null` takes the newest that recommends anything. */
export const useOptimizeReview = (probe: string | null, plan: DeploymentPlan) =>
  useQuery({
    // What differs depends on what is up.
    queryKey: ['optimize-review', probe, plan],
    enabled: useIsOpen(),
    retry: false,
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('optimize.review', { fromProbe: probe }, { signal }),
  })

/** What is tried: what the plan wants tuned, or what a probe recommends (`null`: the newest). Another page may choose it. */
export const useOptimizeBy = create<{ readonly by: 'plan' | 'probe'; readonly probe: string | null }>(() => ({
  by: 'plan',
  probe: null,
}))
