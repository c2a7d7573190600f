import type { Review } from '../../../contract/app.ts'
import type { PriceTable } from '../../../domain/planner/price-table.ts'
import type { ProbeBastion } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { planPlacements } from './placements.ts'
import { FOR_PROBES, findProbePlaces } from './probe-bastion.ts'
import { PROBE_MINUTES } from './probe-user-data.ts'
import { billOf } from './review-cost.ts'

/** What it comes to where nobody ends it. Billed is also the minute or so until it has booted, and until it is off. */
const atLongest = (costUsdPerHour: number | null): string =>
  costUsdPerHour === null
    ? ''
    : ` It ends with the probe, and by itself ${PROBE_MINUTES} minutes after it booted: by then about $${((costUsdPerHour * PROBE_MINUTES) / 60).toFixed(4)}, and the data.`

/** What a probe's bastion makes and costs. Changes nothing. */
export const reviewProbeBastion = async (
  access: AwsAccess,
  asked: ProbeBastion,
  callerCidr: string,
  table: PriceTable,
): Promise<Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'>> => {
  const { vpcId, types, places } = await findProbePlaces(access, asked)
  const first = planPlacements(1, types, places).slice(0, 1)
  const { costUsdPerHour, costNote } = billOf({ region: asked.region, market: 'on-demand' }, first, table, null)
  return {
    resources: [
      {
        kind: 'security group',
        name: 'mole <probe>',
        detail: `in ${vpcId}: ${FOR_PROBES.ports} from ${callerCidr}, nothing else`,
      },
      ...first.map(({ instanceType, zone, subnetId, architecture }) => ({
        kind: 'instance',
        name: `probe bastion: ${instanceType}`,
        detail: `${zone} (${subnetId}), ${architecture}, on-demand; IMDSv2 only, no key pair, no role; gone with the probe`,
      })),
      { kind: 'volume', name: '1 root disk', detail: 'gp3, 8 GB, encrypted, deleted with its instance' },
      { kind: 'public IPv4', name: '1 public IPv4 address', detail: 'given by AWS for as long as the instance lives' },
    ],
    costUsdPerHour,
    costNote: `${costNote}${atLongest(costUsdPerHour)}`,
    warnings: [],
  }
}
