import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseSsMeasured } from '../../flows/parse-ss.ts'
import { makeFlowLooks } from './flow-looks.ts'

/** Real: the control connection of iperf3 and two flows, a second after they began. */
const seen = parseSsMeasured(
  readFileSync(new URL('../../flows/recorded/ss-6.1-iperf-upload.txt', import.meta.url), 'utf8'),
)
const DATA = new Set([47_516, 47_532])

describe('makeFlowLooks', () => {
  it('leaves the control connection out', () => {
    const looks = makeFlowLooks()
    looks.see(0, seen)
    expect(looks.tell(DATA).map(({ local }) => local)).toEqual(['198.18.0.1:47516', '198.18.0.1:47532'])
  })

  it('counts from the first look to the last', () => {
    const looks = makeFlowLooks()
    looks.see(1000, seen)
    looks.see(
      1800,
      seen.map((flow) => ({ ...flow, bytesSent: flow.bytesSent + 5e6, busyMs: flow.busyMs + 700, rttMs: 30 })),
    )
    expect(looks.tell(DATA)).toMatchObject([
      { bytesSent: 5e6, busyMs: 700, watchedMs: 800, retransmits: 0, looks: 2, rttMs: 30 },
      { bytesSent: 5e6, busyMs: 700, watchedMs: 800, retransmits: 0, looks: 2, rttMs: 30 },
    ])
  })

  it('forgets what was before a new start, but for where the counters stood', () => {
    const looks = makeFlowLooks()
    const at = (bytesSent: number, rttMs: number, applicationLimited = false) =>
      seen.map((flow) => ({ ...flow, bytesSent, rttMs, applicationLimited }))
    looks.see(0, at(0, 500, true))
    looks.see(1000, at(3e6, 500, true))
    looks.restart()
    looks.see(1200, at(4e6, 20))
    looks.see(1400, at(5e6, 21))
    looks.see(1600, at(6e6, 22, true))
    expect(looks.tell(DATA)[0]).toMatchObject({
      bytesSent: 3e6,
      watchedMs: 600,
      looks: 3,
      applicationLimitedLooks: 1,
      medianRttMs: 21,
    })
  })
})
