import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../tunnel-plan.ts'
import { CHOSEN_KEYS, heldAs } from './hold-plan.ts'

const aws = { target: 'aws', aws: { instanceTypes: ['c6gn.medium'] } }
const asked = DeploymentPlan.parse({ ...aws, tunnels: 2, maxTunnels: 16, mtuBytes: 1420 })
const chosen = DeploymentPlan.parse({
  ...aws,
  aws: { instanceTypes: ['c6gn.large', 'c6gn.medium'] },
  tunnels: 12,
  bastions: 4,
  maxTunnels: 16,
  mtuBytes: 1380,
  carriage: { mptcp: { strategy: 'roundrobin' } },
  tuning: { wanted: { ...asked.tuning.wanted, congestion: 'reno' } },
})

describe('heldAs', () => {
  it('holds the keys that are named, and no others', () => {
    const held = heldAs(chosen, asked, ['tunnel.mtu', 'mptcp.enable'])
    expect(held).toEqual({ ...chosen, mtuBytes: 1420, carriage: { ...chosen.carriage, mptcp: null } })
    expect(heldAs(chosen, asked, ['tunnel.spread'])).toEqual(chosen)
  })

  it('holds all that a probe may choose', () => {
    expect(heldAs(chosen, asked, CHOSEN_KEYS)).toEqual(asked)
  })

  it('has no more bastions than tunnels, nor fewer tunnels than its range', () => {
    expect(heldAs(chosen, asked, ['deployment.tunnels'])).toMatchObject({ tunnels: 2, bastions: 2 })
    const wide = { ...chosen, minTunnels: 4 }
    expect(heldAs(wide, asked, ['deployment.tunnels'])).toMatchObject({ tunnels: 2, minTunnels: 2 })
  })

  it('is nothing where what is held does not fit the rest', () => {
    expect(heldAs({ ...chosen, mtuBytes: 100 }, asked, ['deployment.tunnels'])).toBeNull()
  })
})
