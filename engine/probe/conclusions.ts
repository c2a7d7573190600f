import type { PriceDocument } from '../../domain/planner/price-table.ts'
import { analyse } from '../../domain/probe/analyse.ts'
import { firewallRequest } from '../../domain/probe/firewall-request.ts'
import { recommend } from '../../domain/probe/recommend.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { BASTION_PORTS, MAX_TUNNELS_PER_BASTION } from '../../domain/tunnel-plan.ts'
import type { OpenedTarget } from './targets/target.ts'

type Ends = Pick<OpenedTarget, 'endpoints' | 'hostAddress'>

/** The report with what follows from what was found. Pure. */
export const withConclusions = (
  report: ProbeReport,
  { endpoints, hostAddress }: Ends,
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
  const region = target.kind === 'aws' ? target.region : null
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
