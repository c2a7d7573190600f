import { describe, expect, it } from 'vitest'
import {
  describeAnalysis,
  describeBottleneck,
  describeMtu,
  describeRecommendation,
  describeRung,
  describeTrips,
  renderMs,
  renderRatio,
  renderSize,
  renderSource,
} from './describe.ts'
import { describeInterface } from './describe-interface.ts'
import type { Source } from './figure.ts'
import type { MtuResult } from './path.ts'
import { recorded } from './testing/recorded.ts'
import { groundsOf, reportOf } from './testing/report.ts'

const from: Source = {
  kind: 'measured',
  how: '10 UDP echoes',
  tool: 'mole',
  version: '0.1.0',
  atMs: Date.UTC(2026, 10, 21),
}

const mtu = (change: Partial<MtuResult>): MtuResult => ({
  by: 'udp',
  mtuBytes: { value: 1400, from },
  innerMtuBytes: { value: 1340, from },
  rungs: [],
  blackHole: false,
  saidBytes: null,
  limitedBy: 'path',
  ...change,
})

describe('the wording of figures', () => {
  it('says of a source its kind, time, tool with version, and how', () => {
    expect(renderSource(from)).toBe('measured 2026-11-21 00:00:00 UTC by mole 0.1.0: 10 UDP echoes')
    expect(renderSource({ ...from, version: null })).toContain('by mole: ')
  })

  it('has as many places as tell something', () => {
    expect([0.123, 9.87, 30.24].map(renderMs)).toEqual(['0.12 ms', '9.87 ms', '30.2 ms'])
    expect([0, 0.0123, 0.5].map(renderRatio)).toEqual(['0 %', '1.23 %', '50 %'])
    expect([512, 65_536, 6 * 2 ** 20, 2 ** 30].map(renderSize)).toEqual(['512 bytes', '64 KiB', '6.0 MiB', '1024 MiB'])
  })

  it('tells a black hole from what the path or this host says', () => {
    expect(describeMtu(mtu({}))).toContain('the path says')
    expect(describeMtu(mtu({ limitedBy: 'interface' }))).toContain("this host's own interface")
    expect(describeMtu(mtu({ limitedBy: 'ladder' }))).toContain('the largest that were to be tried')
    expect(describeMtu(mtu({ blackHole: true, saidBytes: 1500 }))).toBe(
      '1400 bytes pass; larger packets vanish without a word (a black hole), although the path speaks of 1500.',
    )
    expect(describeRung({ bytes: 1500, outcome: 'lost', saidBy: null, sent: 3, answered: 0 })).toBe(
      'lost (none of 3 answered)',
    )
  })

  it('says how many echoes were answered, and by what', () => {
    const { target } = recorded('path-200').latency ?? {}
    if (target == null) throw new Error('nothing was recorded')
    expect(describeTrips(target)).toMatch(/^median [0-9.]+ ms, .*; [0-9]+ of [0-9]+ UDP echoes answered$/)
  })

  it('names what limits, and how sure that is', () => {
    const [first] = groundsOf('policing-100-of-400').analysis.bottlenecks
    if (first === undefined) throw new Error('nothing was found')
    expect(describeBottleneck(first)).toBe('a limit for each flow (upload, high confidence)')
    expect(describeBottleneck({ ...first, name: 'unknown' })).toBe('unknown (upload)')
  })

  it('has a line with a reason for each advice there is, and a source for each figure', () => {
    const { recommendation, analysis } = reportOf('policing-100-of-400')
    if (recommendation === null || analysis === null) throw new Error('nothing was found')
    const advised = Object.values(recommendation).filter((advice) => advice !== null)
    expect(describeRecommendation(recommendation).map(({ reason }) => reason)).toEqual(
      advised.map(({ reason }) => reason),
    )
    expect(describeAnalysis(analysis).map(({ name }) => name)).toContain('Rate of one flow')
  })

  it('says every fact of host and interface, or why it is not known', () => {
    const { interface: facts } = recorded('send-buffer-32k')
    if (facts === null) throw new Error('nothing was recorded')
    const lines = describeInterface(facts)
    expect(lines).toHaveLength(Object.keys(facts).length - 1)
    for (const { value, lacks } of lines) expect(value ?? lacks).not.toBeNull()
  })
})
