import type { Review } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import { parseNetwork } from '../../../domain/addressing.ts'
import { bastionPort, type DeploymentPlan, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'

const megabits = (bitsPerSecond: number): string => `${bitsPerSecond / 1e6} Mbit/s`

/** The bastion, the research resource, and the network's own two addresses: the helper makes no smaller one. */
const LONGEST_PREFIX = 29

const tooSmall = (cidr: string): MoleError =>
  new MoleError('bad-input', `The private network ${cidr} is too small for the lab.`, {
    field: 'privateCidr',
    meaning: 'It must hold the bastion and the research resource. Nothing was made.',
    nextStep: `Choose a /${LONGEST_PREFIX} or larger network, such as 10.200.0.0/24.`,
  })

/**
 * What a lab deployment makes, for the review page. It costs nothing. Pure.
 * @throws MoleError `bad-input` when the private network is too small.
 */
export const reviewLab = (
  plan: DeploymentPlan,
): Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'> => {
  if ((parseNetwork(plan.privateCidr)?.prefix ?? 0) > LONGEST_PREFIX) throw tooSmall(plan.privateCidr)
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
        name: `${MAX_TUNNELS_PER_BASTION} internet paths`,
        detail: `one for each tunnel there can be; each shaped to ${megabits(plan.labPathRateBitsPerSecond)} both ways, UDP ports ${bastionPort(1)}–${bastionPort(MAX_TUNNELS_PER_BASTION)}`,
      },
      { kind: 'bastion', name: '1 bastion', detail: 'a namespace booted by the script a cloud instance gets' },
      { kind: 'subnet', name: plan.privateCidr, detail: 'the private subnet, with an iperf3 and an HTTP server' },
    ],
    costUsdPerHour: 0,
    costNote: 'The lab runs on this machine and costs nothing.',
    warnings: [],
  }
}
