import { MoleError } from '../../contract/errors.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'

const FIELDS = Object.keys(DeploymentPlan.shape) as (keyof DeploymentPlan)[]

/** The fields in which two plans differ. */
export const planDifferences = (a: DeploymentPlan, b: DeploymentPlan): (keyof DeploymentPlan)[] =>
  FIELDS.filter((field) => a[field] !== b[field])

/** What can be changed while a deployment is up: how many tunnels there are, and may be. */
const CHANGEABLE: readonly (keyof DeploymentPlan)[] = ['tunnels', 'minTunnels', 'maxTunnels']

const text = (fields: readonly string[]): string => fields.join(', ')

const whatIsUp = (profile: string | null): string =>
  profile === null ? 'A deployment with another plan' : `The profile "${profile}"`

/**
 * What asking for `wanted` means while `current` is deployed: bring it back, or change the number of tunnels.
 * @throws MoleError `conflict` when anything else differs.
 */
export const verbForChange = (
  current: Pick<DeploymentRecord, 'plan' | 'profile'>,
  wanted: DeploymentPlan,
): 'recover' | 'scale' => {
  const differences = planDifferences(current.plan, wanted)
  const others = differences.filter((field) => !CHANGEABLE.includes(field))
  const [first] = others
  if (first !== undefined)
    throw new MoleError('conflict', `${whatIsUp(current.profile)} is up (it differs in: ${text(others)}).`, {
      field: first,
      meaning: 'Only the number of tunnels can be changed while it is up. Nothing was changed.',
      nextStep: 'Run "mole down" first, or ask for the plan that is up.',
    })
  return differences.includes('tunnels') ? 'scale' : 'recover'
}
