import type { PriceDocument } from '../../domain/planner/price-table.ts'
import { analyse } from '../../domain/probe/analyse.ts'
import { firewallRequest } from '../../domain/probe/firewall-request.ts'
import { recommend } from '../../domain/probe/recommend.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { BASTION_PORTS, MAX_TUNNELS_PER_BASTION } from '../../domain/tunnel-plan.ts'
import type { OpenedTarget } from './targets/target.ts'

type Ends = Pick<OpenedTarget, 'endpoints' | 'hostAddress' | 'region'>

/** The one with prices that answered soonest. */
const nearestRegion = ({ latency }: ProbeReport, { regions: priced }: PriceDocument): string | null => {
  const reached = (latency.result?.regions ?? []).flatMap(({ region, trips }) =>
    trips !== null && Object.hasOwn(priced, region) ? [{ region, ms: trips.medianMs.value }] : [],
  )
  return reached.sort((a, b) => a.ms - b.ms)[0]?.region ?? null
}

/** The report with what follows from what was found. Pure. */
export const withConclusions = (
  report: ProbeReport,
  { endpoints, hostAddress, region: standsIn }: Ends,
  prices: PriceDocument,
  atMs: number,
): ProbeReport => {
  const { target } = report.request
  const found = {
    interface: report.interface.result,
    mtu: report.mtu.result,
    latency: report.latency.result,
    bandwidth: report.bandwidth.result,
    atMs,
  }
  const analysis = analyse(found)
  const region = standsIn ?? nearestRegion(report, prices)
  const throughTunnels = target.kind === 'deployment'
  const recommendation = recommend({ ...found, analysis, prices, region, throughTunnels })
  const firewall = firewallRequest({
    hostAddress,
    target,
    endpoints,
    tunnels: recommendation.tunnels?.value ?? MAX_TUNNELS_PER_BASTION,
    firstPort: BASTION_PORTS.first,
  })
  return { ...report, analysis, recommendation, firewall }
}
