import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinLooks, seeFlows, tellFlows } from './connections.ts'
import { sample } from './testing/samples.ts'

const look = (monotonicMs: number, ...samples: ReturnType<typeof sample>[]) => ({ monotonicMs, samples })

describe('joinLooks', () => {
  it('takes rates from what was added between two looks', () => {
    const [flow] = joinLooks(
      look(1000, sample({ bytesSent: 1000, bytesReceived: 10 })),
      look(3000, sample({ bytesSent: 251_000, bytesReceived: 260 })),
    )
    expect(flow).toMatchObject({ upBitsPerSecond: 1_000_000, downBitsPerSecond: 1000 })
  })

  it('knows no rate at the first look', () => {
    expect(joinLooks(null, look(0, sample({ bytesSent: 1e6 })))[0]).toMatchObject({
      upBitsPerSecond: null,
      downBitsPerSecond: null,
    })
  })

  it('counts all of a connection that has begun since, also between the same ends', () => {
    const begun = sample({ bytesSent: 125_000 })
    expect(joinLooks(look(0), look(1000, begun))[0]?.upBitsPerSecond).toBe(1_000_000)
    expect(joinLooks(look(0, sample({ bytesSent: 9e9 })), look(1000, begun))[0]?.upBitsPerSecond).toBe(1_000_000)
  })

  it('never tells a negative rate (property)', () => {
    const counters = fc.record({ bytesSent: fc.nat(), bytesReceived: fc.nat(), busyMs: fc.nat() })
    fc.assert(
      fc.property(counters, counters, fc.integer({ min: 1, max: 20_000 }), (was, is, ms) => {
        const [flow] = joinLooks(look(0, sample(was)), look(ms, sample(is)))
        expect(flow?.upBitsPerSecond).toBeGreaterThanOrEqual(0)
        expect(flow?.downBitsPerSecond).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

const subflow = (tunnel: number, bytesSent: number) =>
  sample({ local: `10.100.${tunnel}.1:4000`, tunnel, mptcpToken: 'c0ffee00', bytesSent })

describe('tellFlows', () => {
  const told = (...samples: ReturnType<typeof sample>[]) => tellFlows(joinLooks(null, look(0, ...samples)), 100)

  it('says slots where the helper says lanes', () => {
    expect(told(sample({ tunnel: 103 }), sample({ tunnel: null })).map(({ tunnel }) => tunnel)).toEqual([3, null])
  })

  it('calls an elephant what has moved enough, both ways together', () => {
    expect(told(sample({ bytesSent: 60, bytesReceived: 40 }))[0]?.isElephant).toBe(true)
    expect(told(sample({ bytesSent: 60, bytesReceived: 39 }))[0]?.isElephant).toBe(false)
  })

  it('counts the subflows of a connection together', () => {
    expect(told(subflow(1, 60), subflow(2, 40), sample({ bytesSent: 99 })).map(({ isElephant }) => isElephant)).toEqual(
      [true, true, false],
    )
  })
})

describe('seeFlows', () => {
  it('sees one flow a connection, with the sum of its subflows', () => {
    const flows = joinLooks(look(0, subflow(1, 0), subflow(2, 0)), look(1000, subflow(1, 1000), subflow(2, 500)))
    expect(seeFlows(flows, false)).toEqual([
      { id: 'mptcp c0ffee00', bytes: 1500, bitsPerSecond: 12_000, spreads: true, heldBack: false },
    ])
  })

  it('counts what the relay carries once: as the relay’s own connection', () => {
    const application = sample({ tunnel: null, bytesSent: 1000 })
    const relays = { ...subflow(1, 1000), remote: '10.100.254.1:7009' }
    const direct = sample({ local: '10.100.2.1:99', tunnel: 2, bytesSent: 7 })
    const flows = joinLooks(null, look(0, application, relays, direct))
    expect(seeFlows(flows, true).map(({ bytes, spreads }) => [bytes, spreads])).toEqual([
      [1000, true],
      [7, false],
    ])
    expect(seeFlows(flows, false)).toHaveLength(3)
  })

  it('holds back what its own ends hold back', () => {
    const ends = (change: object) =>
      seeFlows(joinLooks(look(0, sample()), look(1000, sample({ bytesSent: 1e7, busyMs: 1000, ...change }))), false)[0]
        ?.heldBack
    expect(ends({ receiverLimitedMs: 500 })).toBe(true)
    expect(ends({ busyMs: 300, applicationLimited: true })).toBe(true)
    expect(ends({})).toBe(false)
    expect(ends({ retransmits: 1000 })).toBe(false)
  })
})
