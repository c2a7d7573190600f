import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PriceDocument } from '../../planner/price-table.ts'
import { BASTION_PORTS } from '../../tunnel-plan.ts'
import { analyse } from '../analyse.ts'
import { firewallRequest } from '../firewall-request.ts'
import { type Grounds, recommend } from '../recommend.ts'
import { ProbeReport } from '../report.ts'
import { ProbeRequest } from '../request.ts'
import { recorded } from './recorded.ts'

const PRICES = join(import.meta.dirname, '../../../resources/prices')

const shippedPrices = (): PriceDocument => {
  const [newest = ''] = readdirSync(PRICES)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse()
  return PriceDocument.parse(JSON.parse(readFileSync(join(PRICES, newest), 'utf8')))
}

/** What a recommendation is made from, of what was recorded. */
export const groundsOf = (name: string, more: Partial<Grounds> = {}): Grounds => {
  const found = { ...recorded(name), ...more }
  return { ...found, analysis: analyse(found), prices: shippedPrices(), region: 'us-west-2', ...more }
}

const part = <Result>(result: Result) => ({
  state: result === null ? ('left-out' as const) : ('done' as const),
  startedAtMs: result === null ? null : 0,
  endedAtMs: result === null ? null : 0,
  doing: '',
  progressRatio: 1,
  problem: null,
  result,
})

/** A whole report of what was recorded. */
export const reportOf = (name: string, change: Partial<ProbeReport> = {}): ProbeReport => {
  const grounds = groundsOf(name)
  const request = ProbeRequest.parse({ target: { kind: 'host', host: 'dtn.example.org' } })
  const recommendation = recommend(grounds)
  return ProbeReport.parse({
    version: 1,
    id: 'probe-20261121-203315-3f9c2a',
    state: 'done',
    startedAtMs: grounds.atMs,
    endedAtMs: grounds.atMs + 60_000,
    moleVersion: '0.1.0',
    hostName: 'dtn-1',
    request,
    targetName: 'dtn.example.org',
    interface: part(grounds.interface),
    mtu: part(grounds.mtu),
    latency: part(grounds.latency),
    bandwidth: part(grounds.bandwidth),
    analysis: grounds.analysis,
    recommendation,
    firewall: firewallRequest({
      hostAddress: '192.0.2.7',
      target: request.target,
      endpoints: ['198.51.100.9'],
      tunnels: recommendation.tunnels?.value ?? 1,
      firstPort: BASTION_PORTS.first,
    }),
    problem: null,
    ...change,
  })
}
