import { useMutation } from '@tanstack/react-query'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient } from '../../app/connection-store.ts'
import { notifyProblem } from '../../ui/notify-problem.ts'

/** Starts a deployment; again with the plan of one that failed or is out of reach, it continues it. */
export const useDeploy = () =>
  useMutation({
    mutationFn: ({ plan, profile = null }: { readonly plan: DeploymentPlan; readonly profile?: string | null }) =>
      currentClient().call('deployment.deploy', { plan, profile }),
  })

/** Connects a saved profile. */
export const useConnect = () =>
  useMutation({ mutationFn: (profile: string) => currentClient().call('deployment.connect', { profile }) })

export const useTeardown = () => useMutation({ mutationFn: () => currentClient().call('deployment.teardown', {}) })

export const useCancelAct = () => useMutation({ mutationFn: () => currentClient().call('deployment.cancel', {}) })

/** `null` leaves a number as it is. */
type Size = { readonly tunnels: number | null; readonly bastions: number | null }

export const useScale = () =>
  useMutation({ mutationFn: (size: Size) => currentClient().call('deployment.scale', size) })

type PathChange = { readonly tunnel: number; readonly state: 'broken' | 'healthy' }

/** Lab: breaks or heals one tunnel's internet path. */
export const useChangePath = () =>
  useMutation({
    mutationFn: (change: PathChange) => currentClient().call('lab.path', change),
    onError: notifyProblem,
  })
