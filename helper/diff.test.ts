import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HostState, NOTHING } from '../domain/host-state.ts'
import { diff, type Known, withoutLink } from './diff.ts'
import type { Facts } from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { undoAll } from './ops/table.ts'
import { limitsOriginAfter, originsAfter } from './sysctl-origins.ts'
import { applyToModel, BARE_HOST, sorted } from './testing/model.ts'
import { anyHostState, bundle, KNOWN, keyOf, tunnel } from './testing/states.ts'

/** Every host on the way, the first and the last included. */
const along = (facts: Facts, operations: readonly Operation[]): Facts[] => {
  const hosts = [facts]
  for (const operation of operations) hosts.push(applyToModel(hosts.at(-1) as Facts, operation))
  return hosts
}
const reach = (facts: Facts, state: HostState, known: Known = KNOWN): Facts =>
  along(facts, diff(facts, state, known)).at(-1) as Facts

const kinds = (operations: readonly Operation[]): string[] => operations.map(({ kind }) => kind)

/** What goes wrong on a host that others touch as well. */
const anyMishap: fc.Arbitrary<(facts: Facts) => Facts> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((slot) => (facts: Facts) => withoutLink(facts, `mole${slot}`)),
  fc.integer({ min: 1, max: 4 }).map((slot) => (facts: Facts) => ({
    ...facts,
    links: facts.links.map((link) => (link.name === `mole${slot}` ? { ...link, wireguard: null } : link)),
  })),
  fc.integer({ min: 1, max: 4 }).map((slot) => (facts: Facts) => ({
    ...withoutLink(facts, `mole${slot}`),
    links: facts.links.map((link) => (link.name === `mole${slot}` ? { ...link, isUp: false } : link)),
  })),
  fc.integer({ min: 1, max: 4 }).map((slot) => (facts: Facts) => ({
    ...facts,
    links: facts.links.map((link) =>
      link.name === `mole${slot}`
        ? { ...link, addresses: [...new Set([`10.100.${slot}.2/29`, ...link.addresses])] }
        : link,
    ),
  })),
  fc.constant((facts: Facts) => ({ ...facts, routes: [], rules: [] })),
  fc.constant((facts: Facts) => ({ ...facts, nft: 'other' as const })),
  fc.constant((facts: Facts) => ({
    ...facts,
    strays: [{ text: 'a route', ip: 'route delete 10.9.0.0/24 table 7077' }],
  })),
)

describe('diff', () => {
  it('reaches what is asked for from whatever state was there, and then has nothing left to do', () => {
    fc.assert(
      fc.property(anyHostState, anyHostState, fc.array(anyMishap, { maxLength: 2 }), (before, after, mishaps) => {
        const damaged = mishaps.reduce((facts, mishap) => mishap(facts), reach(BARE_HOST, before))
        const reached = reach(damaged, after)
        expect(diff(reached, after, KNOWN)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('is undone by the inverse operations: the host is as it was', () => {
    fc.assert(
      fc.property(anyHostState, anyHostState, (before, after) => {
        const start = reach(BARE_HOST, before)
        const operations = diff(start, after, KNOWN)
        const changed = along(start, operations).at(-1) as Facts
        // An interface made by an undo has the addresses it had, but is the younger one: order is not compared.
        expect(sorted(tolerantly(changed, undoAll(operations)))).toEqual(sorted(start))
      }),
      { numRuns: 400 },
    )
  })

  it('puts back everything, sysctls included, when nothing is asked for', () => {
    fc.assert(
      fc.property(anyHostState, anyHostState, (first, second) => {
        const one = diff(BARE_HOST, first, KNOWN)
        const host = along(BARE_HOST, one).at(-1) as Facts
        const limits = limitsOriginAfter(null, one, first)
        const known = { ...KNOWN, sysctlOrigins: originsAfter([], one, first), limitsOrigin: limits }
        const two = diff(host, second, known)
        const after = along(host, two).at(-1) as Facts
        const sysctlOrigins = originsAfter(known.sysctlOrigins, two, second)
        const limitsOrigin = limitsOriginAfter(limits, two, second)
        expect(reach(after, NOTHING, { ...KNOWN, sysctlOrigins, limitsOrigin })).toEqual(BARE_HOST)
      }),
    )
  })

  it('never lets a private network leak or stop while a tunnel that stays could carry it', () => {
    fc.assert(
      fc.property(anyHostState, anyHostState, (before, after) => {
        const start = reach(BARE_HOST, before)
        const staying = before.active.filter((name) => after.active.includes(name))
        const networks = before.routes.filter((network) => after.routes.includes(network))
        for (const host of along(start, diff(start, after, KNOWN))) {
          for (const network of networks) {
            expect(host.rules).toContain(network)
            expect(host.routes.some((route) => route.network === network && route.via === 'blackhole')).toBe(true)
            if (staying.length > 0)
              expect(host.routes.some((route) => route.network === network && route.via === 'bundle')).toBe(true)
          }
          if (staying.length > 0 && networks.length > 0) expect(host.group?.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('fails closed when no tunnel is active: the blackhole and the rule are all that is left of the route', () => {
    const host = reach(reach(BARE_HOST, bundle(2)), bundle(2, { active: [] }))
    expect(host.routes).toEqual([{ network: '10.200.0.0/24', via: 'blackhole', source: null, congestion: null }])
    expect(host.rules).toEqual(['10.200.0.0/24'])
    expect(host.group).toBeNull()
  })

  it('gives routes another congestion control in place, and takes it back', () => {
    const [host, cubic] = [bundle(2), bundle(2, { congestion: 'cubic' })]
    const change = diff(reach(BARE_HOST, host), cubic, KNOWN)
    expect(new Set(kinds(change))).toEqual(new Set(['tunnel-route', 'route']))
    const there = reach(reach(BARE_HOST, host), cubic)
    expect(diff(there, cubic, KNOWN)).toEqual([])
    expect(sorted(reach(there, host))).toEqual(sorted(reach(BARE_HOST, host)))
  })

  it('takes tunnels out of the group before their interfaces go', () => {
    const operations = diff(reach(BARE_HOST, bundle(4)), bundle(2), KNOWN)
    expect(kinds(operations)).toEqual([
      'group',
      ...Array.from({ length: 2 }, () => 'tunnel-rule'),
      ...Array.from({ length: 6 }, () => 'tunnel-route'),
      'nexthop',
      'nexthop',
      'link',
      'link',
    ])
    expect(operations[0]).toMatchObject({ to: [1, 2] })
  })

  it('does not count a peer that roamed as drift, but follows a new endpoint when one is asked for', () => {
    const state = bundle(1)
    const host = reach(BARE_HOST, state)
    const roamed: Facts = {
      ...host,
      links: host.links.map((link) => ({
        ...link,
        wireguard: {
          publicKey: link.wireguard?.publicKey ?? null,
          listenPort: link.wireguard?.listenPort ?? 0,
          peers: (link.wireguard?.peers ?? []).map((peer) => ({ ...peer, endpoint: '192.0.2.7:4242' })),
        },
      })),
    }
    const known = { ...KNOWN, askedEndpointOf: () => '203.0.113.10:51821' }
    expect(diff(roamed, state, known)).toEqual([])
    const moved = tunnel(1, { peer: { ...tunnel(1).peer, endpoint: { address: '203.0.113.99', port: 51_821 } } })
    const [operation, ...more] = diff(roamed, { ...state, tunnels: [moved] }, known)
    expect(more).toEqual([])
    expect(operation).toMatchObject({ kind: 'wireguard', to: { peers: [{ endpoint: '203.0.113.99:51821' }] } })
  })

  it('keeps a roamed endpoint when something else about the peer changes', () => {
    const host = reach(BARE_HOST, bundle(1))
    const known = { ...KNOWN, askedEndpointOf: () => '203.0.113.10:51821' }
    const roamed = reach(
      host,
      bundle(1, { tunnels: [tunnel(1, { peer: { ...tunnel(1).peer, endpoint: { address: '192.0.2.7', port: 9 } } })] }),
    )
    const changed = tunnel(1, { peer: { ...tunnel(1).peer, keepaliveSeconds: 10 } })
    expect(diff(roamed, bundle(1, { tunnels: [changed] }), known)).toMatchObject([
      { to: { peers: [{ endpoint: '192.0.2.7:9', keepaliveSeconds: 10 }] } },
    ])
  })

  it('leaves a sysctl alone that somebody else has changed since', () => {
    const name = 'net.ipv4.conf.all.rp_filter'
    const sysctlOrigins = [{ name, original: 0, ours: 2 }] as const
    const theirs = { ...BARE_HOST, sysctls: { ...BARE_HOST.sysctls, [name]: 1 } }
    expect(diff(theirs, NOTHING, { ...KNOWN, sysctlOrigins })).toEqual([])
    const ours = { ...BARE_HOST, sysctls: { ...BARE_HOST.sysctls, [name]: 2 } }
    expect(diff(ours, NOTHING, { ...KNOWN, sysctlOrigins })).toEqual([{ kind: 'sysctl', name, to: 0, was: 2 }])
  })

  it('makes a dead interface anew instead of talking to nobody', () => {
    const host = reach(BARE_HOST, bundle(2))
    const dead = {
      ...host,
      links: host.links.map((link) => (link.name === 'mole2' ? { ...link, wireguard: null } : link)),
    }
    expect(kinds(diff(dead, bundle(2), KNOWN)).slice(0, 2)).toEqual(['link', 'link'])
    expect(sorted(reach(dead, bundle(2)))).toEqual(sorted(host))
  })

  it('puts no private key into an operation', () => {
    const text = JSON.stringify(diff(BARE_HOST, bundle(1), KNOWN))
    expect(text).toContain(keyOf(1))
    expect(text).not.toContain('private')
  })
})

/** Undoing tolerates what is gone already, as the executor does. */
const tolerantly = (facts: Facts, operations: readonly Operation[]): Facts =>
  operations.reduce((host, operation) => {
    try {
      return applyToModel(host, operation)
    } catch {
      return host
    }
  }, facts)
