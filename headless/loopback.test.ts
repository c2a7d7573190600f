import { describe, expect, it } from 'vitest'
import { assertLoopbackAddress, isLoopbackHost, isOwnOrigin } from './loopback.ts'

describe('Host', () => {
  it.each(['localhost', 'localhost:1', '127.0.0.1:65535', '[::1]', '[::1]:8080'])('accepts %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true)
  })

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.localhost',
    '127.0.0.1.nip.io:80',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '0.0.0.0:80',
    '::1',
    'localhost:65536',
    'localhost:',
    'localhost:80@evil.example',
    'user@localhost',
    'LOCALHOST ',
    'localhost:80\n',
  ])('refuses %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false)
  })
})

describe('Origin', () => {
  it('must be the page under that very host and port', () => {
    expect(isOwnOrigin('http://localhost:80', 'localhost:80')).toBe(true)
    for (const origin of [
      undefined,
      'null',
      'http://localhost',
      'https://localhost:80',
      'http://127.0.0.1:80',
      'http://evil.example',
    ])
      expect(isOwnOrigin(origin, 'localhost:80')).toBe(false)
  })
})

describe('bind address', () => {
  it.each(['0.0.0.0', '::', '::1', 'localhost', '127.0.0.2', '192.168.1.5', ''])('refuses %j', (address) => {
    expect(() => assertLoopbackAddress(address)).toThrow(/does not listen on/)
  })
})
