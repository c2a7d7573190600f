import { expect } from 'vitest'
import { adapt, type Standings } from '../../../helper/mptcp/adapt.ts'
import { wantedEndpoints } from '../../../helper/mptcp-endpoints.ts'
import { endpointRules } from '../../../helper/ops/endpoint.ts'
import { relayConfigOf } from '../../../helper/relay/config.ts'
import type { HostState } from '../../host-state.ts'
import type { DeploymentPlan } from '../../tunnel-plan.ts'
import type { ConfigValues } from '../schema.ts'

type Bench = {
  readonly planWith: (...changes: readonly ConfigValues[]) => DeploymentPlan
  readonly hostOf: (plan: DeploymentPlan) => HostState
  readonly refusalsOf: (values: ConfigValues) => string[]
}

/** Backups that are made of tunnels of which the second loses a tenth. */
const backups = (): number[] => {
  let standings: Standings = new Map()
  for (let look = 0; look < 5; look += 1)
    standings = adapt(
      standings,
      [0, 0.1].map((lossRatio, at) => ({ number: at + 1, rttMs: 20, lossRatio, verdict: 'up' })),
    ).standings
  return [...standings].flatMap(([number, { backup }]) => (backup ? [number] : []))
}

/** What each key of the section `mptcp` does, for the test that no key pretends. */
export const mptcpShown = ({ planWith, hostOf, refusalsOf }: Bench): Readonly<Record<string, () => void>> => ({
  'mptcp.enable': () => {
    const on = hostOf(planWith({ mptcp: { enable: true } }))
    expect(wantedEndpoints(on, [1, 2, 3, 4]).map(({ number }) => number)).toEqual([1, 2, 3, 4])
    expect(wantedEndpoints(hostOf(planWith({ mptcp: { enable: false } })), [1, 2, 3, 4])).toEqual([])
  },
  'mptcp.scheduler': () => {
    for (const scheduler of ['roundrobin', 'redundant', 'adaptive'] as const)
      expect(hostOf(planWith({ mptcp: { enable: true, scheduler } })).mptcp).toEqual({ strategy: scheduler })
    expect(backups()).toEqual([2])
  },
  'mptcp.congestion': () => {
    const inForce = (congestion: 'bbr' | 'host') => hostOf(planWith({ mptcp: { enable: true, congestion } })).congestion
    expect([inForce('bbr'), inForce('host')]).toEqual(['bbr', null])
    expect(hostOf(planWith({ mptcp: { enable: true } })).congestion).toBe('cubic')
    expect(hostOf(planWith({ mptcp: { enable: false, congestion: 'reno' } })).congestion).toBeNull()
  },
  'mptcp.relay': () => {
    const relayed = relayConfigOf(hostOf(planWith({ mptcp: { enable: true, relay: true } })))
    expect(relayed).toMatchObject({ routes: ['10.200.0.0/24'], ends: [{ address: '10.100.254.1' }] })
    expect(relayConfigOf(hostOf(planWith({ mptcp: { enable: true } })))).toBeNull()
    expect(refusalsOf({ mptcp: { relay: true } })).toEqual([expect.stringContaining('needs mptcp.enable')])
  },
  'mptcp.path_manager': () => {
    const { mptcp } = hostOf(planWith({ mptcp: { enable: true, path_manager: 'fullmesh' } }))
    expect(mptcp).not.toBeNull()
    const effects = endpointRules.effects({ kind: 'endpoint', number: 1, to: '10.100.1.1', was: null })
    expect(JSON.stringify(effects)).toContain('fullmesh')
  },
})
