import { describe, expect, it } from 'vitest'
import type { TunnelHealth } from '../telemetry/health.ts'
import { hasSilentBastion, tellHealth } from './tell-health.ts'
import type { Health } from './view.ts'

const was = (...healths: Health[]): Map<number, Health> => new Map(healths.map((health, at) => [at + 1, health]))
const now = (...healths: Health[]): Map<number, TunnelHealth> =>
  new Map(healths.map((health, at) => [at + 1, { health, carries: health !== 'silent' }]))
const kinds = (earlier: Map<number, Health>, is: Map<number, TunnelHealth>): string[] =>
  tellHealth(earlier, is).map(({ level, kind }) => `${level} ${kind}`)

describe('what is told of tunnels', () => {
  it('is each that dies, with how many carry on', () => {
    expect(tellHealth(was('up', 'up', 'up'), now('up', 'silent', 'up'))).toEqual([
      {
        level: 'warning',
        kind: 'tunnel.silent',
        text: 'Nothing comes back through tunnel 2. It is out of the route; 2 of 3 tunnels carry on.',
      },
    ])
  })

  it('is an alarm, first of all, when none is left', () => {
    expect(kinds(was('silent', 'up'), now('silent', 'silent'))).toEqual(['error bundle.dead', 'warning tunnel.silent'])
    expect(kinds(was('silent', 'silent'), now('silent', 'silent'))).toEqual([])
    expect(kinds(was('silent', 'silent'), now('up', 'silent'))).toEqual(['info bundle.alive', 'info tunnel.up'])
  })

  it('is loss that comes and goes, and nothing of a tunnel that is measured for the first time', () => {
    expect(kinds(was('up', 'degraded'), now('degraded', 'up'))).toEqual([
      'warning tunnel.degraded',
      'info tunnel.whole',
    ])
    expect(kinds(was(), now('up', 'unknown'))).toEqual([])
  })
})

describe('a bastion', () => {
  it('is worth a look when the last of its tunnels falls silent', () => {
    const of = (one: Health, other: Health, elsewhere: Health): Map<number, Health> =>
      new Map([
        [1, one],
        [2, other],
        [9, elsewhere],
      ])
    expect(hasSilentBastion(of('up', 'silent', 'up'), of('silent', 'silent', 'up'))).toBe(true)
    expect(hasSilentBastion(of('up', 'up', 'up'), of('silent', 'up', 'up'))).toBe(false)
    expect(hasSilentBastion(of('silent', 'silent', 'up'), of('silent', 'silent', 'up'))).toBe(false)
    expect(hasSilentBastion(of('silent', 'silent', 'up'), of('silent', 'silent', 'silent'))).toBe(true)
  })
})
