import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeyName, WireGuardKey } from '../domain/host-state.ts'
import { openKeys } from './keys.ts'
import { makePrivateKey, publicKeyOf } from './x25519.ts'

let base: string
let directory: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
  directory = join(base, 'keys')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

describe('X25519 keys', () => {
  // RFC 7748, section 6.1.
  it.each([
    [
      '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    ],
    [
      '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
      'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    ],
  ])('have the public key of RFC 7748: %s', (privateKey, publicKey) => {
    expect(publicKeyOf(base64(privateKey))).toBe(base64(publicKey))
  })

  it('are different each time, and have 32 bytes', () => {
    expect(makePrivateKey()).not.toBe(makePrivateKey())
    expect(Buffer.from(makePrivateKey(), 'base64')).toHaveLength(32)
    expect(() => publicKeyOf(base64('00'.repeat(31)))).toThrow(/32 bytes/)
  })
})

describe('key files', () => {
  it('are made once, 0600, and found again by the next helper', () => {
    const first = openKeys(directory).ensure(['d1-t1', 'd1-t2'])
    expect(Object.values(first).every((key) => WireGuardKey.safeParse(key).success)).toBe(true)
    expect(openKeys(directory).ensure(['d1-t2', 'd1-t1'])).toEqual(first)
    for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
  })

  it('give out public keys only, and know whose they are', () => {
    const keys = openKeys(directory)
    const { one = '' } = keys.ensure(['one'])
    const secret = readFileSync(join(directory, 'one.key'), 'utf8').trim()
    expect(one).not.toBe(secret)
    expect(publicKeyOf(secret)).toBe(one)
    expect(keys.nameOf(one)).toBe('one')
    expect(keys.privateKeyOf(one)).toBe(secret)
    expect(keys.nameOf(publicKeyOf(makePrivateKey()))).toBeNull()
  })

  it('are revealed to who asks by name, all or none', () => {
    const keys = openKeys(directory)
    const { one } = keys.ensure(['one', 'two'])
    const { one: secret = '' } = keys.reveal(['one'])
    expect(publicKeyOf(secret)).toBe(one)
    expect(WireGuardKey.safeParse(secret).success).toBe(true)
    expect(() => keys.reveal(['one', 'three'])).toThrowError(
      expect.objectContaining({ code: 'not-found', data: expect.objectContaining({ field: 'three' }) }),
    )
  })

  it('are forgotten for good', () => {
    const keys = openKeys(directory)
    const before = keys.ensure(['one', 'two'])
    keys.forget(['one', 'never-there'])
    expect(readdirSync(directory)).toEqual(['two.key'])
    expect(keys.ensure(['one', 'two'])).toMatchObject({ two: before.two })
    expect(keys.publicKeyOf('one')).not.toBe(before.one)
  })

  it('survive a write that was cut off', () => {
    const before = openKeys(directory).ensure(['one'])
    // What is left of a write that never reached its rename.
    writeFileSync(join(directory, 'two.key.new'), 'half')
    const keys = openKeys(directory)
    expect(keys.publicKeyOf('two')).toBeNull()
    expect(keys.ensure(['one', 'two'])).toMatchObject(before)
    expect(readdirSync(directory).toSorted()).toEqual(['one.key', 'two.key'])
  })

  it.each(['../x', '-x', 'a/b', '', 'A', 'x'.repeat(65)])('cannot be named %j', (name) => {
    expect(KeyName.safeParse(name).success).toBe(false)
  })
})
