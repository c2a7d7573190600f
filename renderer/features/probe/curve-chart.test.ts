import { describe, expect, it } from 'vitest'
import type { BandwidthResult, TcpRun } from '../../../domain/probe/bandwidth.ts'
import { scaleOf, seriesOf } from './curve-chart.ts'

const run = (direction: TcpRun['direction'], streams: number, bitsPerSecond: number): TcpRun => ({
  direction,
  streams,
  seconds: 10,
  goodputBitsPerSecond: {
    value: bitsPerSecond,
    from: { kind: 'measured', how: 'TCP', tool: 'iperf3', version: '3.12', atMs: 0 },
  },
  intervals: [],
  retransmits: null,
  senderCoreRatio: null,
  receiverCoreRatio: null,
  flows: [],
  sourceFile: null,
})

const result = (...runs: TcpRun[]): BandwidthResult => ({
  iperf3Version: '3.12',
  runs,
  udp: [],
  drops: null,
  busiestCoreRatio: null,
})

describe('the curve over streams', () => {
  const full = result(
    run('upload', 8, 380e6),
    run('upload', 1, 95e6),
    run('upload', 4, 370e6),
    run('download', 1, 90e6),
  )
  it('has the points of each direction in order, and a line through enough of them', () => {
    const [up, down] = seriesOf(full, [])
    expect(up?.points.map(({ streams }) => streams)).toEqual([1, 4, 8])
    expect(up?.line.at(-1)?.bitsPerSecond).toBeGreaterThan(300e6)
    expect(down?.direction).toBe('download')
    expect(down?.line).toEqual([])
  })
  it('stays within its axes', () => {
    const series = seriesOf(full, [])
    const scale = scaleOf(full, series)
    expect(scale.streamTicks).toEqual([1, 4, 8])
    expect(scale.streams).toBeGreaterThan(8)
    for (const { points, line } of series)
      for (const { streams, bitsPerSecond } of [...points, ...line]) {
        expect(bitsPerSecond).toBeLessThanOrEqual(scale.top)
        expect(streams).toBeLessThanOrEqual(scale.streams)
      }
  })
  it('has axes also while there is nothing', () => expect(scaleOf(result(), []).top).toBeGreaterThan(0))
})
