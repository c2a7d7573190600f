import { bastionProblems, planProblems } from '../tunnel-plan.ts'
import { PLAN_KEYS, planOf } from './plan-of.ts'
import type { Config } from './schema.ts'

/** A rule over several keys that does not hold. */
export type CrossProblem = { readonly keys: readonly string[]; readonly message: string; readonly nextStep: string }

const SHORTEST_LEASE_MS = 5 * 60_000
const YOUNGEST_ROTATION_MS = 5 * 60_000

const broken = (isBroken: boolean, keys: readonly string[], message: string, nextStep: string): CrossProblem[] =>
  isBroken ? [{ keys, message, nextStep }] : []

const CIDR_KEYS = { baseCidr: 'tunnel.base_cidr', privateCidr: 'deployment.private_cidr' } as const

/** What does not fit together in a configuration whose every key is sound by itself; `[]` when all does. Pure. */
export const crossProblems = (config: Config): CrossProblem[] => {
  const { deployment, tunnel, scaling, mptcp, aws } = config
  const plan = planOf(config)
  const { min_tunnels: fewest, max_tunnels: most } = tunnel
  const inRange = fewest <= most
  return [
    ...broken(
      !inRange,
      ['tunnel.min_tunnels', 'tunnel.max_tunnels'],
      `tunnel.min_tunnels (${fewest}) is more than tunnel.max_tunnels (${most})`,
      'Lower the one or raise the other.',
    ),
    ...broken(
      inRange && (deployment.tunnels < fewest || deployment.tunnels > most),
      ['deployment.tunnels', 'tunnel.min_tunnels', 'tunnel.max_tunnels'],
      `deployment.tunnels (${deployment.tunnels}) is not from tunnel.min_tunnels (${fewest}) to tunnel.max_tunnels (${most})`,
      'Choose a number of tunnels in that range, or change the range.',
    ),
    ...broken(
      tunnel.key_rotation > 0 && tunnel.key_rotation < YOUNGEST_ROTATION_MS,
      ['tunnel.key_rotation'],
      'tunnel.key_rotation must be 0 or at least 5m: replacing the keys of a tunnel takes seconds',
      'Write 0 for never, or a longer one such as 24h.',
    ),
    ...broken(
      scaling.scale_down_threshold >= scaling.scale_up_threshold,
      ['scaling.scale_down_threshold', 'scaling.scale_up_threshold'],
      `scaling.scale_down_threshold (${scaling.scale_down_threshold}) is not below scaling.scale_up_threshold (${scaling.scale_up_threshold})`,
      'Leave a gap between them, or the number of tunnels would go up and down for ever.',
    ),
    ...broken(
      mptcp.relay && !mptcp.enable,
      ['mptcp.relay', 'mptcp.enable'],
      'mptcp.relay needs mptcp.enable: the relay carries connections by Multipath TCP',
      'Switch both on, or the relay off.',
    ),
    ...broken(
      aws.lease > 0 && aws.lease < SHORTEST_LEASE_MS,
      ['aws.lease'],
      'aws.lease must be 0 or at least 5m: a tunnel in good health shakes hands only every two minutes',
      'Write 0 for no lease, or a longer one such as 24h.',
    ),
    ...bastionProblems(plan).map(({ field, message }) => ({
      keys: field === 'aws' ? ['aws.routing', PLAN_KEYS.bastions] : [PLAN_KEYS[field]],
      message,
      nextStep: 'Change the one or the other.',
    })),
    ...planProblems(plan).map(({ field, message }) => ({
      keys: message.includes('overlaps') ? Object.values(CIDR_KEYS) : [CIDR_KEYS[field]],
      message,
      nextStep: 'Choose a network that nothing else uses.',
    })),
  ]
}
