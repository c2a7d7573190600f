import { describe, expect, it } from 'vitest'
import type { TunnelView } from '../../../contract/app.ts'
import { carryingOf, failoverNotice } from './failover.ts'

const tunnel = (slot: number, change: Partial<TunnelView> = {}): TunnelView => ({
  slot,
  interfaceName: `mole${slot}`,
  bastionId: 'b1',
  hostAddress: '10.100.1.1',
  bastionAddress: '10.100.1.2',
  endpoint: '203.0.113.10:51821',
  publicKey: '',
  health: 'up',
  carries: true,
  keysSinceMs: null,
  pathBroken: false,
  ...change,
})

const notice = (...changes: Partial<TunnelView>[]) =>
  failoverNotice({ plan: null, tunnels: changes.map((change, at) => tunnel(at + 1, change)) })

const DEAD = { health: 'silent', carries: false } as const

describe('a tunnel on the map', () => {
  it.each([
    ['carries', {}],
    ['degraded', { health: 'degraded' }],
    ['out', DEAD],
    // It answers again, and is held back for a while.
    ['out', { carries: false }],
    ['silent', { health: 'silent' }],
    ['silent', { pathBroken: true }],
    ['unknown', { health: 'unknown' }],
  ] as const)('is %s when it is %o', (state, change) => expect(carryingOf(tunnel(1, change))).toBe(state))
})

describe('what is said of the route', () => {
  it('is nothing while all carry', () => expect(notice({}, {})).toBeNull())

  it('names what left it, and who carries now', () =>
    expect(notice({}, DEAD, {}, DEAD)).toEqual({
      level: 'warn',
      text: 'mole2 and mole4 are out of the route; the other 2 carry the traffic.',
      isAlarm: false,
    }))

  it('is an alarm when none answers, whether or not they are still in the route', () => {
    expect(notice({ health: 'silent' }, { health: 'silent' })?.isAlarm).toBe(true)
    expect(notice(DEAD, DEAD)?.isAlarm).toBe(true)
    expect(notice(DEAD, {})?.isAlarm).toBe(false)
  })

  it('tells of loss where nothing is worse', () =>
    expect(notice({ health: 'degraded' }, {})?.text).toBe('mole1 loses packets, and still carries.'))
})
