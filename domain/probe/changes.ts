import { DeploymentPlan } from '../tunnel-plan.ts'
import type { Recommendation } from './analysis.ts'
import type { PlanChange } from './plan-change.ts'

/** Limits of a plan's MTU (domain/tunnel-plan.ts). */
const LEAST_MTU = 1280
const MOST_MTU = 8940

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

/**
 * The plan as a probe recommends it; what it says nothing of stays. Where that is no plan (an AWS plan whose bastions are more
 * than are allowed), the plan as it was. Pure.
 */
export const planWith = (plan: DeploymentPlan, recommendation: Recommendation): DeploymentPlan => {
  const { innerMtuBytes, tunnels, mptcp, congestionControl, bufferBytes, pinning, bastion } = recommendation
  const { wanted } = plan.tuning
  const count = tunnels?.value ?? plan.tunnels
  const parsed = DeploymentPlan.safeParse({
    ...plan,
    mtuBytes: innerMtuBytes === null ? plan.mtuBytes : within(innerMtuBytes.value, LEAST_MTU, MOST_MTU),
    tunnels: count,
    minTunnels: Math.min(plan.minTunnels, count),
    maxTunnels: Math.max(plan.maxTunnels, count),
    bastions: Math.min(count, plan.aws === null || bastion === null ? plan.bastions : bastion.value.bastions),
    carriage: {
      ...plan.carriage,
      mptcp:
        mptcp === null ? plan.carriage.mptcp : mptcp.value ? (plan.carriage.mptcp ?? { strategy: 'adaptive' }) : null,
    },
    tuning: {
      ...plan.tuning,
      wanted: {
        ...wanted,
        congestion: congestionControl?.value ?? wanted.congestion,
        buffers:
          bufferBytes === null ? wanted.buffers : { rmemMaxBytes: bufferBytes.value, wmemMaxBytes: bufferBytes.value },
        pinning: pinning === null ? wanted.pinning : pinning.value ? (wanted.pinning ?? { reserveCores: 2 }) : null,
      },
    },
    aws:
      plan.aws === null || bastion === null
        ? plan.aws
        : {
            ...plan.aws,
            instanceTypes: [
              bastion.value.instanceType,
              ...plan.aws.instanceTypes.filter((type) => type !== bastion.value.instanceType),
            ],
          },
  })
  return parsed.success ? parsed.data : plan
}

type Piece = Omit<PlanChange, 'now' | 'then' | 'reason'> & {
  readonly advice: keyof Recommendation
  show(plan: DeploymentPlan): string
}

const bytes = (value: number | null | undefined): string => (value == null ? 'as it is' : `${value} bytes`)
const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off')

const PIECES: readonly Piece[] = [
  {
    advice: 'tunnels',
    what: 'Tunnels',
    key: 'deployment.tunnels',
    when: 'live',
    show: ({ tunnels }) => String(tunnels),
  },
  {
    advice: 'mptcp',
    what: 'Multipath TCP',
    key: 'mptcp.enable',
    when: 'live',
    show: ({ carriage }) => onOff(carriage.mptcp !== null),
  },
  {
    advice: 'congestionControl',
    what: 'Congestion control',
    key: 'optimization.tcp_congestion',
    when: 'live',
    show: ({ tuning }) => tuning.wanted.congestion ?? 'as it is',
  },
  {
    advice: 'bufferBytes',
    what: 'Socket buffers',
    key: 'optimization.buffer_sizes.rmem_max',
    when: 'live',
    show: ({ tuning }) => bytes(tuning.wanted.buffers?.rmemMaxBytes),
  },
  {
    advice: 'pinning',
    what: 'Pinning to cores',
    key: 'optimization.enable_process_pinning',
    when: 'live',
    show: ({ tuning }) => onOff(tuning.wanted.pinning !== null),
  },
  {
    advice: 'innerMtuBytes',
    what: 'MTU inside the tunnels',
    key: 'tunnel.mtu',
    when: 'next-up',
    show: ({ mtuBytes }) => bytes(mtuBytes),
  },
  {
    advice: 'bastion',
    what: 'Bastions',
    key: 'aws.instance_types',
    when: 'next-up',
    show: ({ aws, bastions }) => (aws === null ? String(bastions) : `${bastions} × ${aws.instanceTypes[0]}`),
  },
]

/** Each way in which a plan would be another by a recommendation, with its reason; `[]`: it is so already. Pure. */
export const changesFor = (plan: DeploymentPlan, recommendation: Recommendation): PlanChange[] => {
  const next = planWith(plan, recommendation)
  return PIECES.flatMap(({ advice, show, ...piece }) => {
    const [now, then, reason] = [show(plan), show(next), recommendation[advice]?.reason ?? '']
    return now === then ? [] : [{ ...piece, now, then, reason }]
  })
}
