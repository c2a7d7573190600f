import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findKey } from '../config/keys.ts'
import type { Figure } from './figure.ts'
import type { InterfaceFacts } from './interface.ts'
import { recommend } from './recommend.ts'
import { recorded } from './testing/recorded.ts'
import { groundsOf } from './testing/report.ts'

const CASES = ['path-200', 'delay-80', 'policing-100-of-400', 'window-32k', 'sender-40', 'loss-2-percent', 'burst']

const facts = (change: (facts: InterfaceFacts) => Partial<InterfaceFacts>): InterfaceFacts => {
  const { interface: found } = recorded('send-buffer-32k')
  if (found === null) throw new Error('nothing was recorded')
  return { ...found, ...change(found) }
}

const measured = (value: number): Figure<number> => ({
  value,
  from: { kind: 'measured', how: 'a test', tool: 'test', version: null, atMs: 0 },
})

describe('recommend', () => {
  it.each(CASES)('gives a reason of one sentence with each advice, and only keys that there are: %s', (name) => {
    for (const advice of Object.values(recommend(groundsOf(name)))) {
      if (advice === null) continue
      expect(advice.reason).toMatch(/^[A-Z0-9].*\.$/)
      if (advice.key !== null && advice.key !== 'optimization.buffer_sizes') expect(findKey(advice.key)).not.toBeNull()
    }
  })

  it('takes as many tunnels as policed flows fill the path', () => {
    const { tunnels, streams, bastion } = recommend(groundsOf('policing-100-of-400'))
    expect(tunnels?.value).toBe(4)
    expect(tunnels?.reason).toContain('a tunnel is one flow')
    expect(streams?.value).toBeGreaterThanOrEqual(4)
    expect(bastion?.value.usdPerHour).toBeGreaterThan(0)
    // A price is nothing without its region and its day.
    expect(bastion?.reason).toMatch(
      / Price in us-west-2, published(, undated| [\d-]{10}), by the table of \d{4}-\d\d-\d\d\.$/,
    )
  })

  it('takes one tunnel where one fills the path, and nothing to aggregate', () => {
    const { tunnels, streams, mptcp } = recommend(groundsOf('path-200'))
    expect([tunnels?.value, streams?.value, mptcp?.value]).toEqual([1, 1, false])
  })

  it('asks for Multipath TCP only where the kernel has it', () => {
    const policed = (has: boolean) => {
      const found = facts(({ mptcp }) => ({ mptcp: { ...mptcp, value: has, lacks: null } }))
      return recommend(groundsOf('policing-100-of-400', { interface: found })).mptcp
    }
    expect(policed(true)?.value).toBe(true)
    expect(policed(false)).toMatchObject({ value: false, reason: 'This kernel has no Multipath TCP.' })
    expect(recommend(groundsOf('policing-100-of-400')).mptcp).toBeNull()
  })

  it('takes BBR where losses are no sign of a full path, if the kernel has it', () => {
    const controls = (names: string[]) =>
      facts(({ congestionControl, congestionControls }) => ({
        congestionControl: { ...congestionControl, value: 'cubic', lacks: null },
        congestionControls: { ...congestionControls, value: names, lacks: null },
      }))
    const on = (name: string, names: string[]) =>
      recommend(groundsOf(name, { interface: controls(names) })).congestionControl
    expect(on('loss-2-percent', ['cubic', 'bbr'])?.value).toBe('bbr')
    expect(on('loss-2-percent', ['cubic'])).toMatchObject({ value: 'cubic', key: null })
    expect(on('path-200', ['cubic', 'bbr'])?.value).toBe('cubic')
  })

  it('asks for buffers of at least twice what is under way, and for none where there are such', () => {
    const rates = fc.double({ min: 1e6, max: 1e10, noNaN: true })
    fc.assert(
      fc.property(rates, fc.double({ min: 0.1, max: 300, noNaN: true }), (rate, rttMs) => {
        const grounds = groundsOf('path-200')
        const target = grounds.latency?.target
        if (grounds.latency === null || target == null) throw new Error('nothing was recorded')
        const { bufferBytes } = recommend({
          ...grounds,
          latency: { ...grounds.latency, target: { ...target, medianMs: measured(rttMs) } },
          analysis: { ...grounds.analysis, pathBitsPerSecond: measured(rate) },
          prices: null,
        })
        expect(bufferBytes?.value).toBeGreaterThanOrEqual((2 * rate * rttMs) / 8000)
        expect(bufferBytes?.value).toBeLessThan((2 * rate * rttMs) / 8000 + 2 ** 20 + 1)
      }),
      { numRuns: 20 },
    )
    const large = facts(({ tcpReceiveBufferBytes: bytes }) => {
      const most = { ...bytes, value: 2 ** 30, lacks: null }
      return { tcpReceiveBufferBytes: most, tcpSendBufferBytes: most }
    })
    expect(recommend(groundsOf('delay-80', { interface: large })).bufferBytes?.key).toBeNull()
    expect(recommend(groundsOf('delay-80')).bufferBytes?.key).toBe('optimization.buffer_sizes')
  })

  it('leaves 60 bytes of the path MTU to WireGuard, and says when that is too little', () => {
    const { mtu } = recorded('path-200')
    if (mtu === null) throw new Error('nothing was recorded')
    const of = (bytes: number) =>
      recommend(
        groundsOf('path-200', { mtu: { ...mtu, mtuBytes: measured(bytes), innerMtuBytes: measured(bytes - 60) } }),
      ).innerMtuBytes
    expect(of(1500)).toMatchObject({ value: 1440, key: 'tunnel.mtu' })
    expect(of(1280)).toMatchObject({ value: 1220, key: null })
    expect(of(9216)?.value).toBe(8940)
  })

  it('says nothing of MTU, tunnels and bastions where it measured through tunnels', () => {
    const { innerMtuBytes, tunnels, bastion } = recommend(groundsOf('path-200', { throughTunnels: true }))
    expect([innerMtuBytes, tunnels, bastion]).toEqual([null, null, null])
  })

  it('says nothing where nothing was measured', () => {
    const nothing = groundsOf('path-200', { interface: null, mtu: null, latency: null, bandwidth: null })
    expect(Object.values(recommend(nothing)).filter((advice) => advice !== null)).toEqual([])
  })

  it('says nothing of bastions without prices, or of a region that has none', () => {
    expect(recommend(groundsOf('path-200', { prices: null })).bastion).toBeNull()
    expect(recommend(groundsOf('path-200', { region: null })).bastion).toBeNull()
    expect(recommend(groundsOf('path-200', { region: 'xx-north-1' })).bastion).toBeNull()
  })
})
