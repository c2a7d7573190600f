import { describe, expect, it } from 'vitest'
import { busiestCore, readCores, readDrops, risenDrops, workedSeconds } from './host-counters.ts'

const reader = (files: Record<string, string>) => (path: string) => files[path] ?? null
const statistics = (dropped: string, missed: string) =>
  reader({
    '/sys/class/net/eth0/statistics/tx_dropped': `${dropped}\n`,
    '/sys/class/net/eth0/statistics/rx_dropped': '3\n',
    '/sys/class/net/eth0/statistics/rx_missed_errors': `${missed}\n`,
  })

describe('drops', () => {
  it('tells by how much they rose', () => {
    const [before, now] = [readDrops(statistics('5', '0'), 'eth0'), readDrops(statistics('12', '1'), 'eth0')]
    expect(risenDrops(before, now)).toEqual({ transmitDropped: 7, receiveDropped: 0, receiveMissed: 1 })
  })

  it('are not known of an interface that is not there', () => {
    expect(readDrops(statistics('5', '0'), 'eth1')).toBeNull()
    expect(readDrops(statistics('5', '0'), null)).toBeNull()
    expect(risenDrops(null, readDrops(statistics('5', '0'), 'eth0'))).toBeNull()
  })
})

describe('cores', () => {
  const stat = (lines: string) => readCores(reader({ '/proc/stat': lines }))

  it('tells the busiest between two readings', () => {
    const before = stat('cpu0 100 0 0 100 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0\n')
    const now = stat('cpu0 110 0 0 190 0 0 0 0\ncpu1 60 0 0 140 0 0 0 0\n')
    expect(busiestCore(before, now)).toBeCloseTo(0.6)
  })

  it('tells none when no time has passed', () => {
    const same = stat('cpu0 100 0 0 100 0 0 0 0\n')
    expect(busiestCore(same, same)).toBeNull()
  })

  it('tells how long a process has worked', () => {
    const line = '42 (iperf3) S 1 42 42 0 -1 4194304 1 0 0 0 150 50 0 0 20 0 1 0 100 1 1'
    expect(workedSeconds(reader({ '/proc/42/stat': line }), 42)).toBe(2)
    expect(workedSeconds(reader({}), 42)).toBeNull()
  })
})
