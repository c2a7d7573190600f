import { describe, expect, it } from 'vitest'
import { parsePing, parsePingVersion } from './parse-ping.ts'

/* As iputils 20221126 said it. */

const PASSED = `PING 198.18.0.6 (198.18.0.6) 1372(1400) bytes of data.
1380 bytes from 198.18.0.6: icmp_seq=1 ttl=63 time=0.108 ms
1380 bytes from 198.18.0.6: icmp_seq=2 ttl=63 time=0.070 ms
1380 bytes from 198.18.0.6: icmp_seq=2 ttl=63 time=0.090 ms (DUP!)

--- 198.18.0.6 ping statistics ---
3 packets transmitted, 2 received, 33% packet loss, time 47ms
rtt min/avg/max/mdev = 0.070/0.085/0.108/0.016 ms
`
const TOLD = `PING 198.18.0.6 (198.18.0.6) 1373(1401) bytes of data.
From 198.18.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)

--- 198.18.0.6 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 17ms
`
const LOCAL = 'ping: local error: message too long, mtu=1400\nping: local error: message too long, mtu=1400\n'
const NET = `PING 198.18.0.9 (198.18.0.9) 100(128) bytes of data.
From 198.18.0.1 icmp_seq=1 Destination Net Unreachable
`

describe('what ping says', () => {
  it('is the round trips, each once', () => {
    expect(parsePing(PASSED, '')).toEqual({ rttsMs: [0.108, 0.07], toldBytes: [], localBytes: null, unreachable: null })
  })

  it('is what a router says of the size, and what the kernel remembers of it', () => {
    expect(parsePing(TOLD, LOCAL)).toEqual({
      rttsMs: [],
      toldBytes: [{ saidBy: '198.18.0.1', mtuBytes: 1400 }],
      localBytes: 1400,
      unreachable: null,
    })
  })

  it('is why there is no way', () => {
    expect(parsePing(NET, '').unreachable).toBe('198.18.0.1: Destination Net Unreachable')
  })

  it('is its version', () => {
    expect(parsePingVersion('ping from iputils 20221126\nlibcap: yes\n')).toBe('iputils 20221126')
    expect(parsePingVersion('BusyBox v1.36.1 multi-call binary.')).toBeNull()
  })
})
