import type { Review } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import { parseNetwork } from '../../../domain/addressing.ts'
import {
  BASTION_PORTS,
  bastionCount,
  type DeploymentPlan,
  MAX_TUNNELS_PER_BASTION,
} from '../../../domain/tunnel-plan.ts'

const megabits = (bitsPerSecond: number): string => `${bitsPerSecond / 1e6} Mbit/s`

/** A /29 has room for the research resource and 5 bastions: the helper makes no smaller one. */
const longestPrefix = (bastions: number): number => (bastions > 5 ? 28 : 29)

const tooSmall = (cidr: string, longest: number): MoleError =>
  new MoleError('bad-input', `The private network ${cidr} is too small for the lab.`, {
    field: 'privateCidr',
    meaning: 'It must hold the bastions and the research resource. Nothing was made.',
    nextStep: `Choose a /${longest} or larger network, such as 10.200.0.0/24.`,
  })

/**
 * What a lab deployment makes, for the review page. It costs nothing. Pure.
 * @throws MoleError `bad-input` when the private network is too small.
 */
export const reviewLab = (
  plan: DeploymentPlan,
): Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'> => {
  const bastions = bastionCount(plan)
  const longest = longestPrefix(bastions)
  if ((parseNetwork(plan.privateCidr)?.prefix ?? 0) > longest) throw tooSmall(plan.privateCidr, longest)
  return {
    resources: [
      { kind: 'namespace', name: 'DTN', detail: 'the near end of the tunnels, apart from this machine’s own network' },
      {
        kind: 'tunnel',
        name: plan.tunnels === 1 ? '1 WireGuard tunnel' : `${plan.tunnels} WireGuard tunnels`,
        detail: `MTU ${plan.mtuBytes}, addresses from ${plan.baseCidr}`,
      },
      {
        kind: 'path',
        name: `${bastions * MAX_TUNNELS_PER_BASTION} internet paths`,
        detail: `one for each tunnel there can be; each shaped to ${megabits(plan.labPathRateBitsPerSecond)} both ways, UDP ports ${BASTION_PORTS.first}–${BASTION_PORTS.last}${bastions === 1 ? '' : ' of each bastion'}`,
      },
      {
        kind: 'bastion',
        name: bastions === 1 ? '1 bastion' : `${bastions} bastions`,
        detail: `${bastions === 1 ? 'a namespace' : 'namespaces'} booted by the script a cloud instance gets`,
      },
      { kind: 'subnet', name: plan.privateCidr, detail: 'the private subnet, with an iperf3 and an HTTP server' },
    ],
    costUsdPerHour: 0,
    costNote: 'The lab runs on this machine and costs nothing.',
    warnings: [],
  }
}
