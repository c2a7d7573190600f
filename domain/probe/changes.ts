import { CongestionControl } from '../carriage.ts'
import type { DeploymentPlan } from '../tunnel-plan.ts'
import { MOST_BUFFER_BYTES } from './advise-host.ts'
import { DEPLOYABLE_MTU } from './advise-shape.ts'
import type { Recommendation } from './analysis.ts'
import { renderSize } from './describe.ts'
import type { PlanChange } from './plan-change.ts'

/** A change, with the plan that has it. */
type Step = { readonly change: PlanChange; readonly apply: (plan: DeploymentPlan) => DeploymentPlan }

const onOrOff = (value: boolean): string => (value ? 'on' : 'off')

type Wanted = DeploymentPlan['tuning']['wanted']

const withTuning = (plan: DeploymentPlan, wanted: Partial<Wanted>): DeploymentPlan => ({
  ...plan,
  tuning: { ...plan.tuning, wanted: { ...plan.tuning.wanted, ...wanted } },
})

/** Cores that pinning leaves free where the plan does not say (`optimization.reserve_cores`). */
const RESERVED_CORES = 2

const step = (
  advice: { reason: string; key: string | null },
  change: Pick<PlanChange, 'what' | 'now' | 'next' | 'when'>,
  apply: Step['apply'],
): Step[] => {
  if (advice.key === null || change.now === change.next) return []
  return [{ change: { ...change, key: advice.key, reason: advice.reason }, apply }]
}

const mtuStep = (plan: DeploymentPlan, { innerMtuBytes: advice }: Recommendation): Step[] =>
  advice === null || advice.value < DEPLOYABLE_MTU.least || advice.value > DEPLOYABLE_MTU.most
    ? []
    : step(
        advice,
        {
          what: 'MTU inside the tunnels',
          now: `${plan.mtuBytes} bytes`,
          next: `${advice.value} bytes`,
          when: 'next-up',
        },
        (before) => ({ ...before, mtuBytes: advice.value }),
      )

/** Tunnels and bastions within the plan's own limits: what is recommended may be more than was allowed. */
const shapeFor = (
  { tunnels, bastions, minTunnels, maxTunnels, aws }: DeploymentPlan,
  recommendation: Recommendation,
): Pick<DeploymentPlan, 'tunnels' | 'bastions'> => {
  const wanted = recommendation.bastion?.value.bastions ?? bastions
  // A VPC route has one target, and the lab's bastions are nothing to buy.
  const isFixed = aws === null || aws.routing === 'routes'
  const count = isFixed ? bastions : Math.min(wanted, aws.maxBastions, maxTunnels)
  const least = Math.max(minTunnels, count)
  return { bastions: count, tunnels: Math.min(Math.max(recommendation.tunnels?.value ?? tunnels, least), maxTunnels) }
}

const tunnelStep = (plan: DeploymentPlan, recommendation: Recommendation): Step[] => {
  const { tunnels } = shapeFor(plan, recommendation)
  const advice = recommendation.tunnels ?? recommendation.bastion
  return advice === null
    ? []
    : step(
        { ...advice, key: 'deployment.tunnels' },
        { what: 'Tunnels', now: String(plan.tunnels), next: String(tunnels), when: 'live' },
        (before) => ({ ...before, tunnels }),
      )
}

const mptcpStep = (plan: DeploymentPlan, { mptcp: advice }: Recommendation): Step[] =>
  advice === null
    ? []
    : step(
        advice,
        {
          what: 'Multipath TCP',
          now: onOrOff(plan.carriage.mptcp !== null),
          next: onOrOff(advice.value),
          when: 'live',
        },
        (before) => ({
          ...before,
          carriage: { ...before.carriage, mptcp: advice.value ? { strategy: 'roundrobin' } : null },
        }),
      )

const congestionStep = (plan: DeploymentPlan, { congestionControl: advice }: Recommendation): Step[] =>
  advice === null || !CongestionControl.safeParse(advice.value).success
    ? []
    : step(
        advice,
        {
          what: 'Congestion control',
          now: plan.tuning.wanted.congestion ?? "the host's own",
          next: advice.value,
          when: 'live',
        },
        (before) => withTuning(before, { congestion: advice.value }),
      )

const bufferStep = (plan: DeploymentPlan, { bufferBytes: advice }: Recommendation): Step[] => {
  if (advice === null || advice.value > MOST_BUFFER_BYTES) return []
  const { rmemMaxBytes = null, wmemMaxBytes = null } = plan.tuning.wanted.buffers ?? {}
  // Never lower: what is asked for already may be for another path.
  if (rmemMaxBytes !== null && wmemMaxBytes !== null && Math.min(rmemMaxBytes, wmemMaxBytes) >= advice.value) return []
  const now =
    rmemMaxBytes === null || wmemMaxBytes === null ? "the host's own" : renderSize(Math.min(rmemMaxBytes, wmemMaxBytes))
  const raised = (bytes: number | null): number => Math.max(bytes ?? 0, advice.value)
  return step(advice, { what: 'Largest socket buffers', now, next: renderSize(advice.value), when: 'live' }, (before) =>
    withTuning(before, { buffers: { rmemMaxBytes: raised(rmemMaxBytes), wmemMaxBytes: raised(wmemMaxBytes) } }),
  )
}

const pinningStep = (plan: DeploymentPlan, { pinning: advice }: Recommendation): Step[] =>
  advice === null
    ? []
    : step(
        advice,
        {
          what: 'Pinning of tunnels to cores',
          now: onOrOff(plan.tuning.wanted.pinning !== null),
          next: onOrOff(advice.value),
          when: 'live',
        },
        (before) =>
          withTuning(before, {
            pinning: advice.value ? (before.tuning.wanted.pinning ?? { reserveCores: RESERVED_CORES }) : null,
          }),
      )

const instanceSteps = (plan: DeploymentPlan, recommendation: Recommendation): Step[] => {
  const { bastion: advice } = recommendation
  const { aws } = plan
  if (advice === null || aws === null) return []
  const { instanceType } = advice.value
  const instanceTypes = [instanceType, ...aws.instanceTypes.filter((name) => name !== instanceType)]
  const { bastions } = shapeFor(plan, recommendation)
  return [
    ...step(
      advice,
      { what: 'Instance type', now: aws.instanceTypes[0] ?? '', next: instanceType, when: 'next-up' },
      (before) => ({ ...before, aws: { ...aws, instanceTypes } }),
    ),
    ...step(
      { ...advice, key: 'deployment.bastions' },
      { what: 'Bastions', now: String(plan.bastions), next: String(bastions), when: 'next-up' },
      (before) => ({ ...before, bastions }),
    ),
  ]
}

const stepsFor = (plan: DeploymentPlan, recommendation: Recommendation): Step[] => [
  ...mtuStep(plan, recommendation),
  ...tunnelStep(plan, recommendation),
  ...mptcpStep(plan, recommendation),
  ...congestionStep(plan, recommendation),
  ...bufferStep(plan, recommendation),
  ...pinningStep(plan, recommendation),
  ...instanceSteps(plan, recommendation),
]

/** What a recommendation would change in a plan, each with its reason; empty when the plan is as recommended. Pure. */
export const changesFor = (plan: DeploymentPlan, recommendation: Recommendation): PlanChange[] =>
  stepsFor(plan, recommendation).map(({ change }) => change)

/** The plan as recommended, within its own limits. Once done, `changesFor` has nothing more to say. Pure. */
export const planWith = (plan: DeploymentPlan, recommendation: Recommendation): DeploymentPlan =>
  stepsFor(plan, recommendation).reduce((before, { apply }) => apply(before), plan)
