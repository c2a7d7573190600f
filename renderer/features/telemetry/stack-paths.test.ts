import { describe, expect, it } from 'vitest'
import type { TelemetrySample } from '../../../contract/app.ts'
import { seriesOf } from './series.ts'
import { renderStack } from './stack-paths.ts'
import { tunnelGoodput } from './totals.ts'

const sample = (seconds: number, rates: readonly number[]): TelemetrySample => ({
  atMs: seconds * 1000,
  tunnels: rates.map((upBitsPerSecond, index) => ({
    slot: index + 1,
    upBitsPerSecond,
    downBitsPerSecond: 0,
    rttMs: 1,
    lossRatio: 0,
    handshakeAgeSeconds: 1,
    upBytes: 0,
    downBytes: 0,
  })),
})

const frame = { nowMs: 10_000, windowMs: 10_000, top: 100, width: 100, height: 50 }
const two = seriesOf([1, 2])
const render = (samples: readonly TelemetrySample[]) => renderStack(samples, two, tunnelGoodput, frame)

describe('renderStack', () => {
  it('puts each tunnel on top of the one before and the newest sample at the right edge', () => {
    const { bands } = render([sample(8, [20, 30]), sample(10, [40, 60])])
    expect(bands[0]?.line).toBe('M80.0 40.0L100.0 30.0')
    expect(bands[1]?.line).toBe('M80.0 25.0L100.0 0.0')
    expect(bands[1]?.area).toBe('M80.0 25.0L100.0 0.0L100.0 30.0L80.0 40.0Z')
  })

  it('tells the largest total of the window', () => {
    expect(render([sample(8, [20, 30]), sample(10, [40, 60])]).peak).toBe(100)
  })

  it('draws nothing for tunnels that are not there', () => {
    expect(render([sample(8, [20]), sample(10, [20])]).bands[1]).toEqual({ area: '', line: '' })
  })

  it('adds up the tunnels of one series', () => {
    const both = [{ name: 'bastion 1', colour: '', slots: [1, 2] }]
    const { bands } = renderStack([sample(8, [20, 30]), sample(10, [40, 60])], both, tunnelGoodput, frame)
    expect(bands.map(({ line }) => line)).toEqual(['M80.0 25.0L100.0 0.0'])
  })

  it('breaks the line where the engine was away, instead of inventing what was', () => {
    const { bands } = render([sample(1, [10]), sample(2, [10]), sample(8, [10]), sample(9, [10])])
    expect(bands[0]?.line.match(/M/g)).toHaveLength(2)
  })

  it('joins what a long history left of its samples, and breaks only where more than those are missing', () => {
    const samples = [0, 2, 4, 6, 8, 10].map((at) => sample(at * 6, [10])).filter((_, index) => index !== 4)
    const whole = renderStack(samples.slice(0, 4), two, tunnelGoodput, { ...frame, nowMs: 36_000, windowMs: 36_000 })
    expect(whole.bands[0]?.line.match(/M/g)).toHaveLength(1)
    const live = [...samples.slice(0, 4), sample(37, [10]), sample(38, [10]), sample(48, [10]), sample(49, [10])]
    const broken = renderStack(live, two, tunnelGoodput, { ...frame, nowMs: 49_000, windowMs: 49_000 })
    expect(broken.bands[0]?.line.match(/M/g)).toHaveLength(2)
  })

  it('starts with the last sample before the window, and leaves older ones out', () => {
    const samples = [sample(0, [99]), sample(4, [10]), sample(6, [10]), sample(8, [10])]
    const { bands } = renderStack(samples, two, tunnelGoodput, { ...frame, windowMs: 5000 })
    expect(bands[0]?.line.startsWith('M-20.0 ')).toBe(true)
    expect(bands[0]?.line.match(/[ML]/g)).toHaveLength(3)
  })

  it('is empty without samples', () => {
    expect(render([]).bands.every(({ area, line }) => area === '' && line === '')).toBe(true)
  })
})
