import { describe, expect, it } from 'vitest'
import type { Flow } from '../../../contract/app.ts'
import { type FlowOrder, groupFlows } from './flow-groups.ts'

const flow = (local: string, change: Partial<Flow> = {}): Flow => ({
  local,
  remote: '10.200.0.10:5201',
  tunnel: 1,
  mptcpToken: null,
  backup: false,
  bytesSent: 100,
  bytesReceived: 10,
  deliveryBitsPerSecond: null,
  pacingBitsPerSecond: null,
  rttMs: 10,
  congestionWindow: null,
  congestionControl: 'cubic',
  retransmits: 0,
  busyMs: 0,
  receiverLimitedMs: 0,
  sendBufferLimitedMs: 0,
  applicationLimited: false,
  uid: null,
  upBitsPerSecond: 8,
  downBitsPerSecond: null,
  isElephant: false,
  limitedBy: null,
  ...change,
})

const subflow = (tunnel: number, change: Partial<Flow> = {}): Flow =>
  flow(`10.100.${tunnel}.1:3820${tunnel}`, { tunnel, mptcpToken: '5f0c', ...change })

describe('groupFlows', () => {
  it('adds up the subflows of a connection, by tunnel, and leaves the others alone', () => {
    const groups = groupFlows([subflow(3), flow('a:1'), subflow(1, { rttMs: 4, downBitsPerSecond: 2 })], 'moved', 1e9)
    expect(groups).toHaveLength(2)
    expect(groups[0]).toMatchObject({
      mptcpToken: '5f0c',
      bytes: 220,
      upBitsPerSecond: 16,
      downBitsPerSecond: 2,
      rttMs: 4,
    })
    expect(groups[0]?.flows.map(({ tunnel }) => tunnel)).toEqual([1, 3])
  })

  it('calls a connection an elephant by what its subflows have moved together', () => {
    const [group] = groupFlows([subflow(1), subflow(2)], 'moved', 200)
    expect(group?.isElephant).toBe(true)
    expect(groupFlows([subflow(1), subflow(2)], 'moved', 221)[0]?.isElephant).toBe(false)
  })

  it('has the largest first, in the order asked for, and equals in a fixed one', () => {
    const flows = [
      flow('c:1', { rttMs: 1, upBitsPerSecond: 1 }),
      flow('b:1', { bytesSent: 900, upBitsPerSecond: null, rttMs: null }),
      flow('a:1', { rttMs: 1, upBitsPerSecond: 1 }),
      flow('d:1', { rttMs: 50 }),
    ]
    const order = (by: FlowOrder) => groupFlows(flows, by, 1e9).map(({ flows: [first] }) => first?.local[0])
    expect(order('moved').join('')).toBe('bacd')
    expect(order('up').join('')).toBe('dacb')
    expect(order('rtt').join('')).toBe('dacb')
  })

  it('knows no rate before the second look', () =>
    expect(groupFlows([flow('a:1', { upBitsPerSecond: null })], 'up', 1)[0]?.upBitsPerSecond).toBeNull())
})
