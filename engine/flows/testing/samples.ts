import type { FlowSample } from '../../../contract/helper.ts'

/** A connection that has just begun, but for what a test says of it. */
export const sample = (change: Partial<FlowSample> = {}): FlowSample => ({
  local: '10.100.255.1:40000',
  remote: '10.200.0.10:5201',
  tunnel: 1,
  mptcpToken: null,
  backup: false,
  bytesSent: 0,
  bytesReceived: 0,
  deliveryBitsPerSecond: null,
  pacingBitsPerSecond: null,
  rttMs: 10,
  congestionWindow: 10,
  congestionControl: 'cubic',
  retransmits: 0,
  busyMs: 0,
  receiverLimitedMs: 0,
  sendBufferLimitedMs: 0,
  applicationLimited: false,
  uid: 0,
  ...change,
})
