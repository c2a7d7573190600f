import { describe, expect, it } from 'vitest'
import { limitOf } from './limit.ts'
import { sample } from './testing/samples.ts'

const before = sample({ bytesSent: 1_000_000, busyMs: 1000 })
const later = (change: Parameters<typeof sample>[0]) =>
  sample({ bytesSent: 11_000_000, busyMs: 2000, congestionWindow: 120, rttMs: 20, ...change })

describe('limitOf', () => {
  it('names the receiver whose window was full', () => {
    expect(limitOf(before, later({ receiverLimitedMs: 710, sendBufferLimitedMs: 100 }), 1000)).toEqual({
      by: 'receiver',
      sentence: 'The receiver: its window was full for 71 % of the time.',
    })
  })

  it('names its own send buffer', () => {
    expect(limitOf(before, later({ receiverLimitedMs: 100, sendBufferLimitedMs: 400 }), 1000)?.by).toBe('send-buffer')
  })

  it('goes by what happened between the looks, not before', () => {
    const slow = sample({ bytesSent: 1_000_000, busyMs: 1000, receiverLimitedMs: 900 })
    expect(limitOf(slow, later({ receiverLimitedMs: 900 }), 1000)?.by).toBe('path')
    expect(limitOf(null, later({ receiverLimitedMs: 900 }), null)?.by).toBe('receiver')
  })

  it('names the application that gives too little', () => {
    expect(limitOf(before, later({ busyMs: 1380, applicationLimited: true }), 1000)).toEqual({
      by: 'application',
      sentence: 'The application: it gave nothing to send for 62 % of the time.',
    })
    // Its flag is set for a moment at the end of each write, too.
    expect(limitOf(before, later({ busyMs: 1990, applicationLimited: true }), 1000)?.by).toBe('path')
  })

  it('names loss, with its share', () => {
    expect(limitOf(before, later({ retransmits: 143 }), 1000)).toEqual({
      by: 'loss',
      sentence: 'Loss: 2 % of what was sent had to be sent again.',
    })
    expect(limitOf(before, later({ retransmits: 10 }), 1000)?.by).toBe('path')
  })

  it('says of a full path what the congestion control makes of it', () => {
    expect(limitOf(before, later({ congestionControl: 'bbr', pacingBitsPerSecond: 48_000_000 }), 1000)).toEqual({
      by: 'path',
      sentence: 'The path: bbr keeps 120 segments under way for 20 ms; it may send 48 Mbit/s.',
    })
    expect(limitOf(before, later({ congestionWindow: null }), 1000)?.sentence).toBe(
      'The path: neither end holds it back.',
    )
  })

  it('says nothing of what receives, idles or is known by its bytes alone', () => {
    expect(limitOf(before, later({ bytesReceived: 50_000_000 }), 1000)).toBeNull()
    expect(limitOf(before, later({ bytesSent: 1_000_100 }), 1000)).toBeNull()
    expect(limitOf(before, later({ busyMs: 1000 }), 1000)).toBeNull()
    expect(limitOf(before, later({ rttMs: null }), 1000)).toBeNull()
  })
})
