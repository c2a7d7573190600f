import { describe, expect, it } from 'vitest'
import type { InterfaceSample } from '../../contract/helper.ts'
import type { Health } from '../deployment/view.ts'
import { readHealth } from './health.ts'

const sample = (number: number, verdict: InterfaceSample['verdict'], carries = true): InterfaceSample => ({
  name: `mole${number}`,
  rxBytes: 0,
  txBytes: 0,
  rxPackets: 0,
  txPackets: 0,
  handshakeAgeSeconds: null,
  rttMs: null,
  lossRatio: null,
  verdict,
  carries,
})

const read = (interfaces: readonly InterfaceSample[], before: [number, Health][] = []) =>
  Object.fromEntries(readHealth(new Map(before), [1, 2], interfaces))

describe('the health of tunnels', () => {
  it('is what the helper found, of those that are planned', () => {
    expect(read([sample(1, 'degraded'), sample(2, 'dead', false), sample(3, 'up')])).toEqual({
      1: { health: 'degraded', carries: true },
      2: { health: 'silent', carries: false },
    })
  })

  it('is what it was while it is not measured', () => {
    expect(read([sample(1, 'unknown'), sample(2, 'unknown')], [[1, 'up']])).toEqual({
      1: { health: 'up', carries: true },
      2: { health: 'unknown', carries: true },
    })
  })

  it('is silent where the interface has gone, and not known where there never was one', () => {
    expect(read([], [[1, 'degraded']])).toEqual({
      1: { health: 'silent', carries: false },
      2: { health: 'unknown', carries: false },
    })
  })

  it('goes by the lane that carries, while keys are replaced', () => {
    expect(read([sample(1, 'dead', false), sample(101, 'up'), sample(2, 'up'), sample(102, 'dead', false)])).toEqual({
      1: { health: 'up', carries: true },
      2: { health: 'up', carries: true },
    })
    expect(read([sample(1, 'dead', false), sample(101, 'up', false)])[1]).toEqual({ health: 'up', carries: false })
  })
})
