import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseIperfError, parseIperfLine, parseIperfVersion } from './iperf-output.ts'
import { reportOf } from './traffic.ts'

/** Real output of iperf3 3.12 over a loopback shaped to 300 Mbit/s. */
const recorded = (name: string, streams: number) =>
  readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8')
    .split('\n')
    .map((line) => parseIperfLine(line, streams))
    .filter((figure) => figure !== null)

describe('parseIperfLine', () => {
  it('reads one stream: each second, then both ends’ totals', () => {
    expect(recorded('iperf-3.12-one-stream-upload.txt', 1)).toEqual([
      { kind: 'interval', seconds: 1, bitsPerSecond: 323_982_000 },
      { kind: 'interval', seconds: 1, bitsPerSecond: 303_782_000 },
      { kind: 'total', end: 'sender', seconds: 2, bitsPerSecond: 313_877_000, retransmits: 0 },
      { kind: 'total', end: 'receiver', seconds: 2.01, bitsPerSecond: 299_930_000, retransmits: null },
    ])
  })

  it('reads several streams by their sums alone', () => {
    expect(recorded('iperf-3.12-three-streams-download.txt', 3)).toEqual([
      { kind: 'interval', seconds: 1, bitsPerSecond: 299_501_000 },
      { kind: 'interval', seconds: 1, bitsPerSecond: 299_909_000 },
      { kind: 'total', end: 'sender', seconds: 2.02, bitsPerSecond: 337_803_000, retransmits: 5 },
      { kind: 'total', end: 'receiver', seconds: 2, bitsPerSecond: 299_705_000, retransmits: null },
    ])
  })

  it('reads a stalled second as zero', () => {
    const line = '[  5]   3.00-4.00   sec  0.00 Bytes  0.00 Kbits/sec    1   1.32 KBytes       '
    expect(parseIperfLine(line, 1)).toEqual({ kind: 'interval', seconds: 1, bitsPerSecond: 0 })
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
