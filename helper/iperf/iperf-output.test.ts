import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportOf } from '../lab/traffic.ts'
import {
  isServerOutput,
  parseIperfCores,
  parseIperfError,
  parseIperfFlow,
  parseIperfLine,
  parseIperfVersion,
  parseUdpTotal,
} from './iperf-output.ts'

/** Real output of iperf3 3.12 over a loopback shaped to 300 Mbit/s. */
const linesOf = (name: string): string[] =>
  readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8').split('\n')

const recorded = (name: string, streams: number) =>
  linesOf(name)
    .map((line) => parseIperfLine(line, streams))
    .filter((figure) => figure !== null)

describe('parseIperfLine', () => {
  it('reads one stream: each second, then both ends’ totals', () => {
    expect(recorded('iperf-3.12-one-stream-upload.txt', 1)).toEqual([
      { kind: 'interval', seconds: 1, untilSeconds: 1, isOmitted: false, bitsPerSecond: 323_982_000 },
      { kind: 'interval', seconds: 1, untilSeconds: 2, isOmitted: false, bitsPerSecond: 303_782_000 },
      { kind: 'total', end: 'sender', seconds: 2, bitsPerSecond: 313_877_000, retransmits: 0 },
      { kind: 'total', end: 'receiver', seconds: 2.01, bitsPerSecond: 299_930_000, retransmits: null },
    ])
  })

  it('reads several streams by their sums alone', () => {
    expect(recorded('iperf-3.12-three-streams-download.txt', 3)).toEqual([
      { kind: 'interval', seconds: 1, untilSeconds: 1, isOmitted: false, bitsPerSecond: 299_501_000 },
      { kind: 'interval', seconds: 1, untilSeconds: 2, isOmitted: false, bitsPerSecond: 299_909_000 },
      { kind: 'total', end: 'sender', seconds: 2.02, bitsPerSecond: 337_803_000, retransmits: 5 },
      { kind: 'total', end: 'receiver', seconds: 2, bitsPerSecond: 299_705_000, retransmits: null },
    ])
  })

  it('reads a stalled second as zero', () => {
    const line = '[  5]   3.00-4.00   sec  0.00 Bytes  0.00 Kbits/sec    1   1.32 KBytes       '
    expect(parseIperfLine(line, 1)).toEqual({
      kind: 'interval',
      seconds: 1,
      untilSeconds: 4,
      isOmitted: false,
      bitsPerSecond: 0,
    })
  })

  it.each([
    'Connecting to host 127.0.0.1, port 5300',
    '[ ID] Interval           Transfer     Bitrate         Retr  Cwnd',
    '- - - - - - - - -',
    '',
    '[  5] local 127.0.0.1 port 57288 connected to 127.0.0.1 port 5300',
  ])('passes over %j', (line) => {
    expect(parseIperfLine(line, 1)).toBeNull()
  })
})

describe('reportOf', () => {
  it('takes what the receiver got and what the sender sent again', () => {
    const totals = recorded('iperf-3.12-three-streams-download.txt', 3).filter((figure) => figure.kind === 'total')
    expect(reportOf(totals, 'tool', 7)).toEqual({
      kind: 'report',
      atMs: 7,
      seconds: 2,
      bytes: 74_926_250,
      bitsPerSecond: 299_705_000,
      retransmits: 5,
      tool: 'tool',
    })
  })

  it('is nothing when iperf3 reported nothing', () => {
    expect(reportOf([], 'tool', 7)).toBeNull()
  })
})

describe('parseIperfVersion and parseIperfError', () => {
  it('reads the version line', () => {
    expect(parseIperfVersion('iperf 3.12 (cJSON 1.7.15)\nLinux\n')).toBe('3.12')
    expect(parseIperfVersion('something else')).toBe('unknown')
  })
  it('reads why iperf3 gave up', () => {
    expect(parseIperfError('iperf3: error - unable to connect to server: Connection refused\n')).toBe(
      'unable to connect to server: Connection refused',
    )
    expect(parseIperfError('fine')).toBeNull()
  })
})

describe('verbose output', () => {
  it('marks the seconds that are left out', () => {
    const intervals = recorded('iperf-3.12-verbose-upload-omitted.txt', 1).filter(({ kind }) => kind === 'interval')
    expect(intervals).toMatchObject([
      { untilSeconds: 1, isOmitted: true },
      { untilSeconds: 1, isOmitted: false },
      { untilSeconds: 2, isOmitted: false },
    ])
  })

  it('names this end’s port of each flow', () => {
    const ports = linesOf('iperf-3.12-verbose-two-streams-upload.txt').map(parseIperfFlow)
    expect(ports.filter((port) => port !== null)).toEqual([47516, 47532])
  })

  it('tells the cores of both ends', () => {
    const uses = linesOf('iperf-3.12-verbose-two-streams-upload.txt').map(parseIperfCores)
    expect(uses.filter((use) => use !== null)).toEqual([
      { local: { end: 'sender', coreRatio: 0.003 }, remote: { end: 'receiver', coreRatio: 0.023 } },
    ])
  })

  it('says where the far end’s own output begins', () => {
    const lines = linesOf('iperf-3.12-verbose-download-server-output.txt')
    const begins = lines.findIndex(isServerOutput)
    expect(lines[begins + 1]).toMatch(/^Time: /)
    expect(lines.filter(isServerOutput)).toHaveLength(1)
  })
})

describe('parseUdpTotal', () => {
  const totals = (name: string, flows: number) =>
    linesOf(name)
      .map((line) => parseUdpTotal(line, flows))
      .filter((total) => total !== null)

  it('reads what was sent, and what arrived', () => {
    expect(totals('iperf-3.12-udp-policed.txt', 1)).toEqual([
      { end: 'sender', seconds: 2, bitsPerSecond: 99_923_000, jitterMs: 0, lost: 0, datagrams: 17_850 },
      { end: 'receiver', seconds: 2, bitsPerSecond: 70_749_000, jitterMs: 0.018, lost: 5206, datagrams: 17_845 },
    ])
  })

  it('reads several flows by their sums alone', () => {
    expect(totals('iperf-3.12-udp-two-flows-policed.txt', 2)).toMatchObject([
      { end: 'sender', datagrams: 17_852 },
      { end: 'receiver', bitsPerSecond: 47_469_000, lost: 9368, datagrams: 17_846 },
    ])
  })

  it('is nothing of TCP', () => {
    expect(totals('iperf-3.12-verbose-two-streams-upload.txt', 2)).toEqual([])
  })
})
