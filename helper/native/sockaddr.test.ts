import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSockaddr, renderSockaddr } from './sockaddr.ts'

describe('addresses as the kernel writes them', () => {
  it('are rendered and read', () => {
    const bytes = renderSockaddr({ address: '10.200.0.10', port: 5201 })
    expect(bytes.toString('hex')).toBe('020014510ac8000a0000000000000000')
    expect(parseSockaddr(bytes)).toEqual({ address: '10.200.0.10', port: 5201 })
  })

  it('come back whole, whichever they are', () => {
    const endpoint = fc.record({ address: fc.ipV4(), port: fc.integer({ min: 0, max: 65_535 }) })
    fc.assert(
      fc.property(endpoint, (each) => {
        expect(parseSockaddr(renderSockaddr(each))).toEqual(each)
      }),
    )
  })
})
