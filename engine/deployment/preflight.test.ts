import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { planDifferences, verbForChange } from './compare-plans.ts'
import { assertNetworksFree, observeHostNetworks, takenNetworks } from './preflight.ts'

const plan = (change: object = {}): DeploymentPlan => DeploymentPlan.parse(change)

const address = (cidr: string, internal = false) => ({
  address: cidr.split('/')[0] ?? '',
  netmask: '255.255.255.0',
  family: 'IPv4' as const,
  mac: '00:00:00:00:00:00',
  internal,
  cidr,
})

describe('preflight', () => {
  it("refuses a plan that would take the host's own network into the tunnels, naming field and interface", () => {
    const taken = observeHostNetworks({
      eth0: [address('10.200.0.17/24')],
      lo: [address('127.0.0.1/8', true)],
      mole1: [address('10.100.1.1/30')],
    })
    expect(taken.map(({ cidr }) => cidr)).toEqual(['10.200.0.17/24'])
    expect(() => assertNetworksFree(plan(), taken)).toThrowError(
      expect.objectContaining({
        code: 'bad-input',
        data: expect.objectContaining({ field: 'privateCidr' }),
        message: expect.stringContaining('eth0'),
      }),
    )
    expect(() => assertNetworksFree(plan({ privateCidr: '10.201.0.0/24' }), taken)).not.toThrow()
  })

  it('also looks at the addresses inside the tunnels', () => {
    expect(() => assertNetworksFree(plan(), [{ cidr: '10.100.0.0/24', what: 'an office' }])).toThrowError(
      expect.objectContaining({ data: expect.objectContaining({ field: 'baseCidr' }) }),
    )
  })

  it("keeps the lab off its own internet, not off this host's networks", () => {
    expect(() => assertNetworksFree(plan({ privateCidr: '203.0.113.0/26' }), takenNetworks(plan()))).toThrowError(/lab/)
    expect(() => assertNetworksFree(plan(), takenNetworks(plan()))).not.toThrow()
  })
})

describe('verbForChange', () => {
  const asked = (change: object = {}, profile: string | null = null) => ({ plan: plan(change), profile })

  it('tells repair, scaling and conflict apart', () => {
    expect(verbForChange(asked(), asked())).toBe('recover')
    expect(verbForChange(asked(), asked({ tunnels: 8 }))).toBe('scale')
    expect(verbForChange(asked({}, 'one'), asked({ tunnels: 8 }, 'one'))).toBe('scale')
    expect(verbForChange(asked({}, 'one'), asked({ tunnels: 8 }))).toBe('scale')
    // The range of a deployment may be changed while it is up; that alone makes no tunnel.
    expect(verbForChange(asked(), asked({ maxTunnels: 6 }))).toBe('recover')
    expect(planDifferences(plan(), plan({ mtuBytes: 1300, tunnels: 8 }))).toEqual(['tunnels', 'mtuBytes'])
    expect(() => verbForChange(asked(), asked({ tunnels: 8, mtuBytes: 1300 }))).toThrowError(
      expect.objectContaining({ code: 'conflict', data: expect.objectContaining({ field: 'mtuBytes' }) }),
    )
  })

  it('names the keys that differ as a document writes them', () => {
    expect(() => verbForChange(asked(), asked({ mtuBytes: 1300, privateCidr: '10.201.0.0/24' }))).toThrowError(
      /differs in: deployment\.private_cidr, tunnel\.mtu\)/,
    )
  })

  it('names the profile that is up', () => {
    expect(() => verbForChange(asked({}, 'beamline-7'), asked({ mtuBytes: 1300 }))).toThrowError(
      /The profile "beamline-7" is up/,
    )
  })

  it('lets another profile take over what it asks for too, and change nothing of it', () => {
    expect(verbForChange(asked({}, 'one'), asked({ maxTunnels: 6 }, 'other'))).toBe('recover')
    expect(() => verbForChange(asked({}, 'one'), asked({ tunnels: 8 }, 'other'))).toThrowError(
      expect.objectContaining({
        code: 'conflict',
        message: expect.stringMatching(/The profile "one" is up/),
        data: expect.objectContaining({ field: 'tunnels' }),
      }),
    )
  })
})
