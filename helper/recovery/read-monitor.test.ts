import { describe, expect, it } from 'vitest'
import { readMonitorLine } from './read-monitor.ts'

const MOVED = { kind: 'moved' }

/* Lines of iproute2 6.1. */
describe('a line of the monitor', () => {
  it.each([
    ['3: wan0    inet 198.51.100.7/24 scope global wan0\\       valid_lft forever preferred_lft forever', MOVED],
    ['Deleted 3: wan0    inet 198.51.100.2/24 scope global wan0\\       valid_lft forever', MOVED],
    ['default via 198.51.100.1 dev wan0 ', MOVED],
    ['Deleted default via 198.51.100.1 dev wan0 proto dhcp metric 100 ', MOVED],
    ['203.0.113.0/24 via 198.51.100.9 dev wan1 ', MOVED],
    [
      'Deleted 12: mole3: <POINTOPOINT,MULTICAST,NOARP> mtu 1420 qdisc noop state DOWN group default qlen 500',
      { kind: 'tunnel-gone', name: 'mole3' },
    ],
    ['Deleted 5: mole101: <POINTOPOINT> mtu 1420 ', { kind: 'tunnel-gone', name: 'mole101' }],
  ])('%s', (line, event) => {
    expect(readMonitorLine(line)).toEqual(event)
  })

  it.each([
    '12: mole3: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1420 qdisc fq_codel state UNKNOWN group default',
    '12: mole3    inet 10.100.3.1/30 scope global mole3\\       valid_lft forever preferred_lft forever',
    '1: lo    inet 10.100.255.1/32 scope global lo:mole\\       valid_lft forever preferred_lft forever',
    '10.100.3.0/30 dev mole3 proto kernel scope link src 10.100.3.1 ',
    'local 198.51.100.7 dev wan0 table local proto kernel scope host src 198.51.100.7 ',
    'broadcast 198.51.100.255 dev wan0 table local proto kernel scope link src 198.51.100.7 ',
    '10.200.0.0/24 nhid 771000 table 7077 proto 177 src 10.100.255.1 ',
    'blackhole 10.200.0.0/24 table 7077 proto 177 metric 4096 ',
    '10.200.0.0/24 dev mole3 table 7203 proto 177 scope link ',
    '3: wan0    inet6 fe80::543f:4fff:fe54:c184/64 scope link tentative \\       valid_lft forever',
    'fe80::/64 dev wan0 proto kernel metric 256 pref medium',
    'Deleted 7: veth1@veth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default',
    '',
  ])('says nothing: %s', (line) => {
    expect(readMonitorLine(line)).toBeNull()
  })
})
