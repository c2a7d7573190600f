import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { UdpTotal } from '../../iperf/iperf-output.ts'
import { lossOf, tellStep } from './udp-step.ts'

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`../../iperf/recorded/iperf-3.12-${name}.txt`, import.meta.url), 'utf8').split('\n')

const plan = {
  direction: 'upload',
  flows: 1,
  bitsPerSecondOfFlow: 100e6,
  seconds: 2,
  payloadBytes: 1400,
} as const

describe('tellStep', () => {
  it('tells what was offered, what arrived and what was lost', () => {
    expect(tellStep(plan, linesOf('udp-policed'), '3.12')).toMatchObject({
      offeredBitsPerSecond: 100e6,
      receivedBitsPerSecond: { value: 70_749_000, from: { kind: 'measured', tool: 'iperf3', version: '3.12' } },
      lossRatio: 5206 / 17_850,
      jitterMs: 0.018,
    })
  })

  it('tells of several flows all together', () => {
    const step = tellStep({ ...plan, flows: 2, bitsPerSecondOfFlow: 50e6 }, linesOf('udp-two-flows-policed'), '3.12')
    expect(step).toMatchObject({ flows: 2, offeredBitsPerSecond: 100e6, receivedBitsPerSecond: { value: 47_469_000 } })
    expect(step?.lossRatio).toBeCloseTo(0.525, 3)
  })

  it('tells of what was sent to this end what this end received', () => {
    const step = tellStep({ ...plan, direction: 'download', flows: 2 }, linesOf('udp-two-flows-download'), '3.12')
    expect(step).toMatchObject({ direction: 'download', receivedBitsPerSecond: { value: 97_301_000 }, lossRatio: 0 })
  })

  it('is nothing without totals', () => {
    expect(tellStep(plan, ['iperf 3.12', 'Connecting to host 198.18.0.2, port 5201'], '3.12')).toBeNull()
  })
})

describe('lossOf', () => {
  const total = (end: UdpTotal['end'], datagrams: number, lost = 0): UdpTotal => ({
    end,
    seconds: 2,
    bitsPerSecond: 1e6,
    jitterMs: 0,
    lost,
    datagrams,
  })

  it.each([
    ['nothing arrived', total('sender', 1000), total('receiver', 0), 0.85],
    ['a queue was full at the end', total('sender', 1000), total('receiver', 950), 0],
    ['a path that died halfway', total('sender', 1000), total('receiver', 500), 0.35],
    ['losses in between', total('sender', 1000), total('receiver', 1000, 20), 0.02],
    ['nothing was sent', total('sender', 0), total('receiver', 0), 0],
  ])('%s', (_, sent, received, ratio) => {
    expect(lossOf(sent, received)).toBeCloseTo(ratio, 6)
  })
})
