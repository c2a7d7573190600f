import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hearTcp } from './hear-tcp.ts'

const RECORDED = new URL('../../iperf/recorded/', import.meta.url)

const hear = (name: string, streams: number) => {
  const ear = hearTcp(streams)
  const lines = readFileSync(new URL(`iperf-3.12-${name}.txt`, RECORDED), 'utf8').split('\n')
  const told = lines.map(ear.line).filter((interval) => interval !== null)
  return { told, ...ear.heard() }
}

describe('hearTcp', () => {
  it('tells what is left out, and does not count it', () => {
    const { told, intervals } = hear('verbose-upload-omitted', 1)
    expect(told.map(({ isOmitted, untilSeconds }) => [isOmitted, untilSeconds])).toEqual([
      [true, 1],
      [false, 1],
      [false, 2],
    ])
    expect(intervals.map(({ bitsPerSecond }) => bitsPerSecond)).toEqual([10_244_184_000, 9_248_637_000])
  })

  it('adds the streams of each second up, as iperf3 does itself, later', () => {
    const { intervals, receiver, sender, ports } = hear('verbose-two-streams-upload', 2)
    // Its own sums: 114102 and 91219 Kbits/sec, each rounded.
    expect(intervals.map(({ bitsPerSecond }) => bitsPerSecond)).toEqual([114_102_000, 91_219_000])
    expect([sender?.retransmits, receiver?.bitsPerSecond]).toEqual([216, 95_692_000])
    expect([...ports]).toEqual([47_516, 47_532])
  })

  it('takes of the far end’s own output the use of its core alone', () => {
    const { told, intervals, receiver, senderCoreRatio, receiverCoreRatio, ports } = hear(
      'verbose-download-server-output',
      4,
    )
    expect(told).toHaveLength(3)
    expect(intervals).toHaveLength(2)
    expect(receiver?.bitsPerSecond).toBe(95_617_000)
    expect(senderCoreRatio).toBe(0.004)
    // What it says of this end there (41 %) is of the test before.
    expect(receiverCoreRatio).toBeNull()
    expect([...ports]).toEqual([47_642, 47_658, 47_672, 47_674])
  })

  it('hears a second once that is told twice, when the server has died', () => {
    const { intervals, receiver } = hear('died-midway', 1)
    expect(intervals).toMatchObject([{ untilSeconds: 1, bitsPerSecond: 104_106_000 }])
    expect(receiver).toBeNull()
  })
})
