import { describe, expect, it } from 'vitest'
import { BandwidthResult, type FlowLook } from '../../../domain/probe/bandwidth.ts'
import type { TcpPlan } from './client-arguments.ts'
import type { Heard } from './hear-tcp.ts'
import { tellRun } from './tcp-run.ts'

const plan: TcpPlan = {
  direction: 'upload',
  streams: 1,
  seconds: 2,
  omitSeconds: 1,
  sourceFile: null,
  maximumSegmentBytes: null,
}

const second = (untilSeconds: number, bitsPerSecond: number) =>
  ({ kind: 'interval', seconds: 1, untilSeconds, isOmitted: false, bitsPerSecond }) as const

const heard: Heard = {
  intervals: [second(1, 80e6), second(2, 100e6)],
  sender: { kind: 'total', end: 'sender', seconds: 2, bitsPerSecond: 90e6, retransmits: 7 },
  receiver: { kind: 'total', end: 'receiver', seconds: 2.04, bitsPerSecond: 88e6, retransmits: null },
  senderCoreRatio: 0.25,
  receiverCoreRatio: 0.5,
  ports: new Set([40_000]),
}
const flow: FlowLook = {
  local: '198.18.0.1:40000',
  remote: '198.18.0.2:5201',
  bytesSent: 1,
  bytesRetransmitted: 0,
  segmentsSent: 1,
  retransmits: 0,
  maximumSegmentBytes: 1448,
  congestionWindow: 10,
  congestionControl: 'cubic',
  rttMs: 5,
  minRttMs: 5,
  deliveryBitsPerSecond: 1e6,
  watchedMs: 2000,
  busyMs: 2000,
  receiverLimitedMs: 0,
  sendBufferLimitedMs: 0,
  looks: 10,
  applicationLimitedLooks: 0,
  medianRttMs: 5,
}
const parts = { plan, heard, flows: [flow], ownCoreRatio: 0.1, version: '3.12' }

describe('tellRun', () => {
  it('tells what the receiver counted, and how', () => {
    const run = tellRun(parts)
    expect(run).toMatchObject({
      seconds: 2.04,
      goodputBitsPerSecond: { value: 88e6, from: { kind: 'measured', tool: 'iperf3', version: '3.12' } },
      intervals: [
        { seconds: 1, bitsPerSecond: 80e6 },
        { seconds: 2, bitsPerSecond: 100e6 },
      ],
      retransmits: 7,
      senderCoreRatio: 0.25,
      flows: [flow],
    })
    expect(run?.goodputBitsPerSecond.from.how).toMatch(/1 stream for 2 s, after 1 s .* the receiver counted/)
  })

  it('tells of a run that broke off what this end saw, and says so', () => {
    const run = tellRun({ ...parts, heard: { ...heard, sender: null, receiver: null, senderCoreRatio: null } })
    expect(run).toMatchObject({ seconds: 2, goodputBitsPerSecond: { value: 90e6 }, retransmits: null })
    expect(run?.goodputBitsPerSecond.from.how).toContain('until it broke off')
    expect(run?.senderCoreRatio).toBe(0.1)
  })

  it('is nothing where nothing was measured', () => {
    expect(tellRun({ ...parts, heard: { ...heard, intervals: [], sender: null, receiver: null } })).toBeNull()
  })

  it('knows of a download this end’s core, and no flows', () => {
    const download = { ...plan, direction: 'download' } as const
    const run = tellRun({
      ...parts,
      plan: download,
      heard: { ...heard, senderCoreRatio: null, receiverCoreRatio: null },
    })
    expect(run).toMatchObject({ senderCoreRatio: null, receiverCoreRatio: 0.1, flows: [] })
  })

  it('stays small, however long and wide it was', () => {
    const intervals = Array.from({ length: 3600 }, (_, at) => second(at + 1, 1e9))
    const flows = Array.from({ length: 128 }, () => flow)
    const run = tellRun({ ...parts, heard: { ...heard, intervals }, flows })
    const runs = Array.from({ length: 16 }, () => run)
    const result = BandwidthResult.parse({ iperf3Version: '3.12', runs, udp: [], drops: null, busiestCoreRatio: null })
    expect(JSON.stringify(result).length).toBeLessThan(512 * 1024)
    expect(run?.intervals.at(-1)?.seconds).toBe(3600)
  })
})
