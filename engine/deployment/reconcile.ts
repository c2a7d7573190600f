import type { StepId } from '../../contract/app.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'

export type Desired = { readonly kind: 'up'; readonly plan: DeploymentPlan } | { readonly kind: 'nothing' }

/** The world as the provider and the helper say it is. */
export type Observed = {
  readonly helper: 'answers' | 'absent'
  /** Of all the plan needs, the one furthest from running. */
  readonly bastion: 'absent' | 'booting' | 'running' | 'failed'
  /** There is a bastion the plan no longer needs. */
  readonly surplus: boolean
  /** The cloud holds something of the deployment, bastions or other. */
  readonly cloud: boolean
  /** What the cloud holds is not as it was made. */
  readonly drift: boolean
  /** The ends of every bastion are known and pinned. */
  readonly endsKnown: boolean
  /** Applying the planned host state would change nothing. */
  readonly hostMatches: boolean
  /** It would change tuning and nothing else: what was being tried when an engine was killed. All carries. */
  readonly onlyTuningDiffers: boolean
  /** A rotation of keys was not brought to its end. */
  readonly unsettled: boolean
  /** Something of ours is there that belongs to no deployment we know: left by an engine whose record is lost. */
  readonly residue: boolean
}

const REMOVE: readonly StepId[] = ['remove-host', 'prove-clean']
const BUILD: readonly StepId[] = [
  'prepare-host',
  'make-keys',
  'prepare-cloud',
  'launch-bastion',
  'await-keys',
  'apply-host',
  'verify',
]

const from = (step: StepId): readonly StepId[] => BUILD.slice(BUILD.indexOf(step))

/** Without a helper nothing can be seen for sure; every step is then repeated, and does nothing where nothing is missing. */
const stepsToRunning = (observed: Observed): readonly StepId[] => {
  if (observed.residue) return [...REMOVE, ...BUILD]
  if (observed.helper === 'absent') return BUILD
  if (observed.bastion === 'absent' || observed.bastion === 'failed') return from('make-keys')
  if (observed.bastion === 'booting' || !observed.endsKnown) return from('await-keys')
  return observed.hostMatches ? from('verify') : from('apply-host')
}

const mending = ({ drift }: Observed, steps: readonly StepId[]): readonly StepId[] =>
  drift && !steps.includes('prepare-cloud') ? ['prepare-cloud', ...steps] : steps

/** What is no longer needed goes last: nothing leads to it any more when the rest is verified. */
const stepsUp = (observed: Observed): readonly StepId[] => [
  ...mending(observed, stepsToRunning(observed)),
  ...(observed.unsettled ? (['rotate-keys'] as const) : []),
  ...(observed.surplus ? (['retire-bastion'] as const) : []),
]

const stepsDown = (observed: Observed): readonly StepId[] => [
  ...(observed.helper === 'answers' ? (['revert-host'] as const) : []),
  ...(observed.bastion === 'absent' && !observed.surplus && !observed.cloud ? [] : (['terminate-bastion'] as const)),
  ...REMOVE,
]

/** What must be done, in order, to get from the observed world to the desired one. Pure. */
export const reconcile = (desired: Desired, observed: Observed): readonly StepId[] =>
  desired.kind === 'up' ? stepsUp(observed) : stepsDown(observed)

/**
 * Whether the observed world carries the whole deployment. Where keys are being replaced, the host is between two states;
 * tuning carries nothing.
 */
export const isComplete = (observed: Observed): boolean =>
  observed.helper === 'answers' &&
  observed.bastion === 'running' &&
  observed.endsKnown &&
  (observed.hostMatches || observed.onlyTuningDiffers || observed.unsettled) &&
  !observed.surplus &&
  !observed.drift
