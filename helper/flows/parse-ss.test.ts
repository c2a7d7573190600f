import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseSs, parseSsMeasured } from './parse-ss.ts'

/* Recorded on kernel 6.18: one Multipath TCP connection with three subflows, and one ordinary, over shaped links. */
const recorded = (name: string): string => readFileSync(new URL(`recorded/ss-${name}.txt`, import.meta.url), 'utf8')

describe.each(['6.1-upload', '6.15-upload'])('ss %s', (name) => {
  const flows = parseSs(recorded(name))

  it('reads every connection, without the interface its socket is bound to', () => {
    expect(flows.map(({ local }) => local.replace(/:\d+$/, '')).toSorted()).toEqual([
      '10.100.1.1',
      '10.100.2.1',
      '10.100.255.1',
      '10.100.255.1',
    ])
    expect(new Set(flows.map(({ remote }) => remote))).toEqual(new Set(['10.200.0.10:5000', '10.200.0.10:5001']))
  })

  it('gives the subflows of one connection one token, and ordinary TCP none', () => {
    const tokens = flows.filter(({ remote }) => remote.endsWith(':5000')).map(({ mptcpToken }) => mptcpToken)
    expect(tokens).toHaveLength(3)
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).toMatch(/^[0-9a-f]{8}$/)
    expect(flows.find(({ remote }) => remote.endsWith(':5001'))?.mptcpToken).toBeNull()
  })

  it('reads what the kernel measured', () => {
    for (const flow of flows) {
      expect(flow.congestionControl).toBe('bbr')
      expect(flow.bytesSent).toBeGreaterThan(400_000)
      expect(flow.rttMs).toBeGreaterThan(1)
      expect(flow.congestionWindow).toBeGreaterThan(10)
      expect(flow.pacingBitsPerSecond).toBeGreaterThan(1e6)
      expect(flow.deliveryBitsPerSecond).toBeGreaterThan(1e6)
      expect(flow.busyMs).toBeGreaterThan(500)
    }
  })
})

describe('parseSs', () => {
  it('reads one line whole', () => {
    const line = recorded('6.1-upload')
      .split('\n')
      .find((each) => each.includes(':5001'))
    const shown =
      / 10\.100\.255\.1:(\d+) .*bytes_sent:(\d+) .*pacing_rate (\d+)bps delivery_rate (\d+)bps.* busy:(\d+)ms rwnd_limited:(\d+)ms.*retrans:0\/(\d+)/.exec(
        line ?? '',
      )
    expect(shown).not.toBeNull()
    const [, port, sent, pacing, delivery, busy, window, again] = shown ?? []
    expect(parseSs(line ?? '')).toEqual([
      expect.objectContaining({
        local: `10.100.255.1:${port}`,
        remote: '10.200.0.10:5001',
        bytesSent: Number(sent),
        bytesReceived: 0,
        pacingBitsPerSecond: Number(pacing),
        deliveryBitsPerSecond: Number(delivery),
        busyMs: Number(busy),
        receiverLimitedMs: Number(window),
        sendBufferLimitedMs: 0,
        retransmits: Number(again),
        applicationLimited: false,
        backup: false,
        uid: 0,
      }),
    ])
  })

  it('tells a backup subflow', () => {
    const flows = parseSs(recorded('6.1-backup'))
    expect(flows.filter(({ backup }) => backup).map(({ local }) => local.split(':')[0])).toEqual(['10.100.2.1'])
  })

  it('reads the end that receives', () => {
    const flows = parseSs(recorded('6.1-receiver'))
    expect(flows).toHaveLength(4)
    expect(flows.filter(({ bytesReceived }) => bytesReceived > 0)).toHaveLength(3)
    expect(flows.every(({ applicationLimited }) => applicationLimited)).toBe(true)
    expect(flows.every(({ bytesSent }) => bytesSent === 0)).toBe(true)
  })

  it('reads the owner, other units, other congestion controls and closed directions', () => {
    const line =
      'CLOSE-WAIT 1 0 10.100.255.1:4 10.200.0.10:22 uid:1000 ino:1 sk:2 cgroup:/user.slice --> ts sack cubic wscale:7,7 rto:204 rtt:0.5/0.2 cwnd:10 bytes_acked:7 pacing_rate 48.1Mbps app_limited minrtt:0.1'
    expect(parseSs(line)).toEqual([
      expect.objectContaining({
        uid: 1000,
        congestionControl: 'cubic',
        pacingBitsPerSecond: 48_100_000,
        deliveryBitsPerSecond: null,
        applicationLimited: true,
        bytesSent: 7,
        rttMs: 0.5,
      }),
    ])
  })

  it('leaves out what is no connection', () => {
    expect(parseSs('')).toEqual([])
    expect(
      parseSs('LISTEN 0 5 0.0.0.0:22 0.0.0.0:*\nFailed to open cgroup2 mount\nTIME-WAIT 0 0 1.1.1.1:1 2.2.2.2:2'),
    ).toEqual([])
  })
})

describe('parseSsMeasured', () => {
  const flows = parseSsMeasured(recorded('6.1-iperf-upload'))

  it('reads what tells a measured flow’s limits', () => {
    expect(flows).toMatchObject([
      { local: '198.18.0.1:47502', bytesRetransmitted: 0, segmentsSent: 3, applicationLimited: true },
      {
        local: '198.18.0.1:47516',
        bytesRetransmitted: 69_504,
        segmentsSent: 6688,
        retransmits: 48,
        maximumSegmentBytes: 1448,
        minRttMs: 0.008,
        busyMs: 992,
        receiverLimitedMs: 4,
        applicationLimited: false,
      },
      { local: '198.18.0.1:47532', bytesRetransmitted: 243_264, retransmits: 168, receiverLimitedMs: 12 },
    ])
  })

  it('leaves out what is being closed', () => {
    expect(parseSsMeasured(recorded('6.1-iperf-upload').replaceAll(/^ESTAB/gm, 'FIN-WAIT-1'))).toEqual([])
  })
})
