import type { FormErrors } from '@mantine/form'
import { create } from 'zustand'
import type { Recommendation } from '../../../domain/probe/analysis.ts'
import { DeploymentPlan, MAX_BASTIONS, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import type { Account } from '../aws/look-ups.ts'
import { type AwsDraft, awsDraftIn, awsDraftOf, awsInputOf } from './aws-draft.ts'

/** What a probe recommends, and the account that it measured towards; `null`: that was not in AWS. */
export type Advice = { readonly recommendation: Recommendation; readonly account: Account | null }

/** A plan while it is being written: numbers may be empty, rates are in the unit people type. */
export type PlanDraft = {
  readonly target: DeploymentPlan['target']
  readonly tunnels: number | string
  readonly bastions: number | string
  /** The range it may be scaled in; the wizard does not ask for it, and keeps what a plan has. */
  readonly minTunnels: number
  readonly maxTunnels: number
  readonly baseCidr: string
  /** Of the lab. */
  readonly privateCidr: string
  readonly mtuBytes: number | string
  readonly pathRateMegabits: number | string
  readonly carriage: DeploymentPlan['carriage']
  readonly autoscale: DeploymentPlan['autoscale']
  readonly tuning: DeploymentPlan['tuning']
  readonly aws: AwsDraft
  /** Somebody chose the instances, and the planner does not change them any more. */
  readonly isShaped: boolean
  /** Instance types that the configuration allows: the planner prefers them, and whoever wants another may take it. */
  readonly allowedTypes: readonly string[]
  /** What a probe recommends for it; `null`: it was not asked. */
  readonly advice: Advice | null
}

const BITS_PER_MEGABIT = 1_000_000
const MOST_TUNNELS = MAX_BASTIONS * MAX_TUNNELS_PER_BASTION

/** Stands for the private network until the engine fills in the VPC's own. */
const NOT_KNOWN_YET = '10.200.0.0/24'

const NO_AWS = awsDraftIn([])

export const draftOf = (plan: DeploymentPlan): PlanDraft => ({
  target: plan.target,
  tunnels: plan.tunnels,
  bastions: plan.bastions,
  minTunnels: plan.minTunnels,
  maxTunnels: plan.maxTunnels,
  baseCidr: plan.baseCidr,
  privateCidr: plan.aws === null ? plan.privateCidr : NOT_KNOWN_YET,
  mtuBytes: plan.mtuBytes,
  pathRateMegabits: plan.labPathRateBitsPerSecond / BITS_PER_MEGABIT,
  carriage: plan.carriage,
  autoscale: plan.autoscale,
  tuning: plan.tuning,
  aws: plan.aws === null ? NO_AWS : awsDraftOf(plan.aws, plan.privateCidr),
  isShaped: plan.aws !== null,
  allowedTypes: NO_AWS.instanceTypes,
  advice: null,
})

const numberOf = (value: number | string): number => (value === '' ? Number.NaN : Number(value))

/** What the forms call the plan's fields, where the two differ. */
const FIELDS: Readonly<Record<string, string>> = {
  labPathRateBitsPerSecond: 'pathRateMegabits',
  aws: 'aws.routing',
  'aws.leaseSeconds': 'aws.leaseHours',
}

const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  labPathRateBitsPerSecond: 'must be from 1 to 10 000 Mbit/s',
  'aws.leaseSeconds': 'must be 0, or from 5 minutes (0.084 hours) to 720 hours',
  'aws.maxBastions': 'must be a whole number from 1 to 8',
  'aws.budgetUsd': 'must be from 0.01 to 1 000 000 dollars',
}

type Parsed =
  | { readonly plan: DeploymentPlan; readonly errors: null }
  | { readonly plan: null; readonly errors: FormErrors }

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const privateCidrOf = ({ target, privateCidr, aws }: PlanDraft): string => {
  if (target === 'lab') return privateCidr.trim()
  return aws.wholeVpc ? (aws.vpcCidr ?? NOT_KNOWN_YET) : aws.privateCidr.trim()
}

const nameOf = (path: readonly PropertyKey[], { target, aws }: PlanDraft): string => {
  const name = path.slice(0, 2).map(String).join('.')
  if (name === 'privateCidr' && target === 'aws') return aws.wholeVpc ? 'baseCidr' : 'aws.privateCidr'
  return FIELDS[name] ?? name
}

/** The plan of a draft, or what is wrong with which field: the very rules by which the engine judges it. */
export const parseDraft = (draft: PlanDraft): Parsed => {
  const tunnels = numberOf(draft.tunnels)
  const known = Number.isNaN(tunnels) ? draft.minTunnels : tunnels
  const result = DeploymentPlan.safeParse({
    target: draft.target,
    tunnels,
    bastions: numberOf(draft.bastions),
    minTunnels: Math.min(draft.minTunnels, known),
    maxTunnels: Math.max(draft.maxTunnels, Math.min(known, MOST_TUNNELS)),
    baseCidr: draft.baseCidr.trim(),
    privateCidr: privateCidrOf(draft),
    mtuBytes: numberOf(draft.mtuBytes),
    labPathRateBitsPerSecond: Math.round(numberOf(draft.pathRateMegabits) * BITS_PER_MEGABIT),
    carriage: draft.carriage,
    autoscale: draft.autoscale,
    tuning: draft.tuning,
    aws: draft.target === 'aws' ? awsInputOf(draft.aws) : null,
  })
  if (result.success) return { plan: result.data, errors: null }
  const errors: FormErrors = {}
  for (const { path, message } of result.error.issues) {
    const said = SAID_OTHERWISE[path.slice(0, 2).map(String).join('.')]
    errors[nameOf(path, draft)] ??= sentence(said ?? message)
  }
  return { plan: null, errors }
}

/** The draft, kept while the wizard's pages change. */
export const usePlanDraft = create<PlanDraft>()(() => draftOf(DeploymentPlan.parse({})))

/** Somebody sets the bastions by hand. */
export const setShape = (change: Partial<Pick<PlanDraft, 'bastions' | 'tunnels' | 'aws'>>): void =>
  usePlanDraft.setState({ ...change, isShaped: true })

/** Changes what concerns AWS. */
export const setAwsDraft = (change: Partial<AwsDraft>): void =>
  usePlanDraft.setState(({ aws }) => ({ aws: { ...aws, ...change } }))
