import type { Flow, FlowsView } from '../contract/app.ts'
import { renderBytes, renderRate } from './quantities.ts'
import { renderTable } from './table.ts'

const HEAD = ['', 'FROM', 'TO', 'TUNNEL', 'UP', 'DOWN', 'MOVED', 'RTT', 'HELD BACK BY']

const rate = (bitsPerSecond: number | null): string => (bitsPerSecond === null ? '–' : renderRate(bitsPerSecond))

/** What of Multipath TCP a connection is: a subflow, and one held in reserve. */
const kind = ({ mptcpToken, backup }: Flow): string => {
  if (mptcpToken === null) return ''
  return backup ? ' (subflow, backup)' : ' (subflow)'
}

const row = (flow: Flow): string[] => [
  flow.isElephant ? '*' : '',
  flow.local,
  flow.remote,
  `${flow.tunnel ?? '–'}${kind(flow)}`,
  rate(flow.upBitsPerSecond),
  rate(flow.downBitsPerSecond),
  renderBytes(flow.bytesSent + flow.bytesReceived),
  flow.rttMs === null ? '–' : `${flow.rttMs.toFixed(1)} ms`,
  flow.limitedBy ?? '',
]

/** The connections as a table, and what is in force, for people. Pure. */
export const renderFlows = ({ flows, spread, strategy }: FlowsView): string => {
  const dealt =
    spread === 'round-robin'
      ? 'Connections take the tunnels in turn.'
      : 'The kernel’s hash chooses each connection’s tunnel.'
  const multipath = strategy === null ? [] : [`Multipath TCP, ${strategy.asked}: ${strategy.inForce}`]
  const table = flows.length === 0 ? 'No connection goes over the tunnels now.' : renderTable([HEAD, ...flows.map(row)])
  return [dealt, ...multipath, '', table].join('\n')
}
