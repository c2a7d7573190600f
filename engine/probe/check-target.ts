import { MoleError } from '../../contract/errors.ts'
import type { ProbeTarget } from '../../domain/probe/request.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { errorOf } from '../problem.ts'

/** Refuses a target that cannot be measured towards now, before anything is made. @throws MoleError saying what to do. */
export type CheckTarget = (target: ProbeTarget) => Promise<void>

type Ground = {
  cloudOf(plan: { readonly target: 'lab' | 'aws' }): { readonly provider: Pick<CloudProvider, 'problem'> }
  readonly deployment: Pick<Deployment, 'record' | 'views'>
  readonly optimize: { isRunning(): boolean }
}

const optimising = (): MoleError =>
  new MoleError('conflict', 'What is deployed is being optimised.', {
    field: 'target',
    meaning: 'What is measured for that would be disturbed, and so would the probe. Nothing was begun.',
    nextStep: 'Wait for its end, or stop it.',
  })

const goingDown = (): MoleError =>
  new MoleError('conflict', 'What is deployed is being taken down.', {
    field: 'target',
    meaning: 'What would be measured goes with it. Nothing was begun.',
    nextStep: 'Wait for its end.',
  })

export const targetChecker =
  ({ cloudOf, deployment, optimize }: Ground): CheckTarget =>
  async ({ kind }) => {
    const isThere = kind === 'lab' || kind === 'deployment'
    if (isThere && deployment.views.current().phase === 'tearing-down') throw goingDown()
    if (kind === 'deployment') {
      deployment.record()
      if (optimize.isRunning()) throw optimising()
    }
    if (kind !== 'lab' && kind !== 'aws') return
    const problem = await cloudOf({ target: kind }).provider.problem()
    if (problem !== null) throw errorOf(problem)
  }
