import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import type { HostState } from '../domain/host-state.ts'
import { guard } from './guard.ts'
import type { Surroundings } from './observe/facts.ts'
import { bundle, tunnel } from './testing/states.ts'

const AROUND: Surroundings = {
  connected: ['192.168.7.20/24', '172.17.0.1/16'],
  routed: ['10.50.0.0/16'],
  gateways: ['192.168.7.1', '100.64.0.1'],
  nameservers: ['10.60.0.53'],
}

const refusal = (state: HostState, around: Surroundings = AROUND): MoleError | null => {
  try {
    guard(state, around, ['10.70.1.2'])
    return null
  } catch (error) {
    if (error instanceof MoleError) return error
    throw error
  }
}

const withRoute = (route: string): HostState => bundle(1, { routes: ['10.200.0.0/24', route] })

describe('guard', () => {
  it('lets a bundle pass that takes nothing from the host', () => {
    expect(refusal(bundle(8))).toBeNull()
    expect(refusal(withRoute('10.50.7.0/24'))).toBeNull()
  })

  it.each([
    ['0.0.0.0/0', 'the default route'],
    ['0.0.0.0/1', '0.0.0.0/8'],
    ['128.0.0.0/1', '169.254.0.0/16'],
    ['224.0.0.0/4', '224.0.0.0/3'],
    ['127.0.0.0/8', 'loopback'],
    ['127.0.0.53/32', 'loopback'],
    ['169.254.0.0/16', 'link-local'],
    ['169.254.169.254/32', 'metadata'],
    ['168.0.0.0/6', 'metadata'],
    ['192.168.7.0/24', 'a network this machine stands in'],
    ['192.168.7.128/25', 'a network this machine stands in'],
    ['192.168.0.0/16', 'a network this machine stands in'],
    ['192.168.7.20/32', 'a network this machine stands in'],
    ['172.17.5.0/24', 'a network this machine stands in'],
    ['100.64.0.0/10', 'the gateway'],
    ['10.60.0.0/24', 'a name server'],
    ['10.70.0.0/16', 'logged in by SSH'],
    ['10.50.0.0/16', 'a route of its own'],
    ['10.50.0.0/15', 'a route of its own'],
    ['203.0.113.10/32', 'the endpoint of mole1 itself'],
    ['203.0.0.0/8', 'the endpoint of mole1 itself'],
    ['10.100.1.0/24', '10.100.1.1/30'],
    ['10.100.255.1/32', '10.100.255.1'],
  ])('refuses a route to %s, naming the field and %s', (route, why) => {
    const error = refusal(withRoute(route))
    expect(error).toMatchObject({ code: 'bad-input', data: { field: 'routes.1' } })
    expect(error?.message).toContain(why)
    expect(error?.message).toContain(route)
    expect(error?.data.nextStep).toBeTruthy()
  })

  it.each<[string, HostState]>([
    ['tunnels.0.address', bundle(1, { tunnels: [tunnel(1, { address: '192.168.7.9/30' })] })],
    ['tunnels.0.address', bundle(1, { tunnels: [tunnel(1, { address: '127.0.0.9/30' })] })],
    ['tunnels.1.address', bundle(2, { tunnels: [tunnel(1), tunnel(2, { address: '10.100.1.5/24' })] })],
    ['sourceAddress', bundle(1, { sourceAddress: '192.168.7.99' })],
    ['sourceAddress', bundle(1, { sourceAddress: '10.100.1.2' })],
    [
      'tunnels.0.peer.allowedNetworks.1',
      bundle(1, {
        tunnels: [tunnel(1, { peer: { ...tunnel(1).peer, allowedNetworks: ['10.100.1.2/32', '0.0.0.0/0'] } })],
      }),
    ],
    [
      'tunnels.0.peer.allowedNetworks.0',
      bundle(1, { tunnels: [tunnel(1, { peer: { ...tunnel(1).peer, allowedNetworks: ['192.168.0.0/16'] } })] }),
    ],
  ])('refuses what collides in %s', (field, state) => {
    expect(refusal(state)).toMatchObject({ code: 'bad-input', data: { field } })
  })

  it('lets no route through that contains an address the host needs', () => {
    const needed = ['192.168.7.1', '10.60.0.53', '10.70.1.2', '203.0.113.10', '169.254.169.254', '127.0.0.1']
    fc.assert(
      fc.property(fc.constantFrom(...needed), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
        const size = 2 ** (32 - prefix)
        const base = Math.floor(number / size) * size
        const text = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')
        expect(refusal(bundle(1, { routes: [`${text}/${prefix}`] }))).toMatchObject({ code: 'bad-input' })
      }),
    )
  })
})
