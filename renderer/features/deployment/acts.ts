import { useMutation } from '@tanstack/react-query'
import type { AppContract } from '../../../contract/app.ts'
import type { InputOf } from '../../../contract/define.ts'
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

type Adjustment = InputOf<AppContract, 'deployment.adjust'>

/** Changes how what is up is carried, scaled or tuned; what is not named stays. */
export const useAdjust = () =>
  useMutation({ mutationFn: (change: Adjustment) => currentClient().call('deployment.adjust', change) })

/** Gives these tunnels new keys; `null`: all. */
export const useRotate = () =>
  useMutation({
    mutationFn: (tunnels: number[] | null) => currentClient().call('deployment.rotate', { tunnels }),
  })

type Condition = InputOf<AppContract, 'lab.condition'>

/** Lab: what one tunnel's internet path does to packets from now on. */
export const useSetCondition = () =>
  useMutation({ mutationFn: (condition: Condition) => currentClient().call('lab.condition', condition) })

type PathChange = { readonly tunnel: number; readonly state: 'broken' | 'healthy' }

/** Lab: breaks or heals one tunnel's internet path. */
export const useChangePath = () =>
  useMutation({
    mutationFn: (change: PathChange) => currentClient().call('lab.path', change),
    onError: notifyProblem,
  })
