import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../../contract/errors.ts'
import type { AwsPlan } from '../../domain/aws-plan.ts'
import { PLAN_KEYS } from '../../domain/config/plan-of.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'

const FIELDS = Object.keys(DeploymentPlan.shape) as (keyof DeploymentPlan)[]

/** Of what is particular to AWS these may change while it is up: they hold for what is launched from then on. */
const AWS_CHANGEABLE: readonly (keyof AwsPlan)[] = [
  'instanceTypes',
  'market',
  'maxBastions',
  'sourceCidr',
  'leaseSeconds',
  'budgetUsd',
  'atBudget',
]

const fixedPart = (plan: DeploymentPlan, field: keyof DeploymentPlan): unknown =>
  field === 'aws' && plan.aws !== null
    ? Object.entries(plan.aws).filter(([key]) => !AWS_CHANGEABLE.includes(key as keyof AwsPlan))
    : plan[field]

/** The fields in which two plans differ, as far as it matters to what is up. */
export const planDifferences = (a: DeploymentPlan, b: DeploymentPlan): (keyof DeploymentPlan)[] =>
  FIELDS.filter((field) => !isDeepStrictEqual(fixedPart(a, field), fixedPart(b, field)))

/** How traffic is carried over the tunnels there are. */
const MANNER: readonly (keyof DeploymentPlan)[] = ['carriage', 'autoscale', 'tuning']

/** What can be changed while a deployment is up: how many tunnels there may be, and what this host does with them … */
const RANGE: readonly (keyof DeploymentPlan)[] = ['minTunnels', 'maxTunnels', ...MANNER]

/** … and, by whoever asked for it, how many there are. */
const CHANGEABLE: readonly (keyof DeploymentPlan)[] = ['tunnels', 'bastions', ...RANGE]

type Asked = Pick<DeploymentRecord, 'plan' | 'profile'>

const isOtherProfile = (current: Asked, wanted: Asked): boolean =>
  current.profile !== null && wanted.profile !== null && current.profile !== wanted.profile

const conflict = ({ profile }: Asked, fields: readonly (keyof DeploymentPlan)[], meaning: string): MoleError => {
  const whatIsUp = profile === null ? 'A deployment with another plan' : `The profile "${profile}"`
  const keys = fields.map((field) => PLAN_KEYS[field])
  return new MoleError('conflict', `${whatIsUp} is up (it differs in: ${keys.join(', ')}).`, {
    field: fields[0] ?? 'plan',
    meaning: `${meaning} Nothing was changed.`,
    nextStep: 'Run "mole down" first, or ask for the plan that is up.',
  })
}

/**
 * What asking for `wanted` means while `current` is deployed: bring it back, change the number of tunnels, or how they
 * carry.
 * @throws MoleError `conflict` naming what is up, when anything else differs, or the number by another profile.
 */
export const verbForChange = (current: Asked, wanted: Asked): 'recover' | 'scale' | 'adjust' => {
  const differences = planDifferences(current.plan, wanted.plan)
  const isOther = isOtherProfile(current, wanted)
  const refused = differences.filter((field) => !(isOther ? RANGE : CHANGEABLE).includes(field))
  if (refused.length > 0)
    throw conflict(
      current,
      refused,
      isOther
        ? 'One profile is connected at a time.'
        : 'Only the number of tunnels and bastions, and how traffic is carried, can be changed while it is up.',
    )
  if (differences.includes('tunnels') || differences.includes('bastions')) return 'scale'
  return differences.some((field) => MANNER.includes(field)) ? 'adjust' : 'recover'
}
