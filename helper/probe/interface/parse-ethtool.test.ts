import { describe, expect, it } from 'vitest'
import { parseDriver, parseEthtoolVersion, parseOffloads, parseRing, parseRssQueues } from './parse-ethtool.ts'

/* As ethtool 6.1 said it. */

const FEATURES = `Features for eth0:
rx-checksumming: on [fixed]
tcp-segmentation-offload: on
	tx-tcp-segmentation: on
generic-segmentation-offload: on
generic-receive-offload: off
tx-udp-segmentation: off [fixed]
rx-udp-gro-forwarding: on
`
const RINGS = `Ring parameters for eth0:
Pre-set maximums:
RX:		4096
RX Mini:	n/a
RX Jumbo:	n/a
TX:		256
Current hardware settings:
RX:		512
RX Mini:	n/a
RX Jumbo:	n/a
TX:		256
RX Buf Len:		n/a
`
const TABLE = `RX flow hash indirection table for ens5 with 8 RX ring(s):
    0:      0     1     2     3     0     1     2     3
    8:      0     1     2     3     0     1     2     3
RSS hash key:
00:11:22:33
RSS hash function:
    toeplitz: on
`
const NO_TABLE = `RX flow hash indirection table for eth0 with 1 RX ring(s):
Operation not supported
RSS hash key:
Operation not supported
`

describe('what ethtool says', () => {
  it('are the offloads that are on', () => {
    expect(parseOffloads(FEATURES)).toEqual(['tso', 'gso', 'rx-udp-gro-forwarding'])
    expect(parseOffloads('')).toBeNull()
  })

  it('is how far each ring may grow, and how far it has', () => {
    expect(parseRing(RINGS, 'RX')).toEqual({ now: 512, most: 4096 })
    expect(parseRing(RINGS, 'TX')).toEqual({ now: 256, most: 256 })
    expect(parseRing('netlink error: Operation not supported\n', 'RX')).toBeNull()
  })

  it('is over how many queues the hash spreads', () => {
    expect(parseRssQueues(TABLE)).toBe(4)
    expect(parseRssQueues(NO_TABLE)).toBe(1)
    expect(parseRssQueues(NO_TABLE.replace('1 RX', '4 RX'))).toBeNull()
  })

  it('is the driver, and the version of ethtool', () => {
    expect(parseDriver('driver: virtio_net\nversion: 1.0.0\n')).toBe('virtio_net')
    expect(parseDriver('Cannot get driver information: Operation not supported\n')).toBeNull()
    expect(parseEthtoolVersion('ethtool version 6.1\n')).toBe('6.1')
  })
})
