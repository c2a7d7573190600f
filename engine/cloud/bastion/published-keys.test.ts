import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import { type Publication, parsePublishedKeys } from './published-keys.ts'

const keyOf = (number: number): string => Buffer.alloc(32, number).toString('base64')
const line = (slot: number, key = keyOf(slot)): string =>
  `mole-bastion-key v1 slot=${slot} port=${51_820 + slot} key=${key}\n`
const end = (slot: number) => ({ slot, lane: 0, port: 51_820 + slot, publicKey: keyOf(slot) })
const parse = (text: string): Publication => parsePublishedKeys(text, slotsOfBastion(1))
const READY = 'mole-bastion-ready v1 slots=2\n'

describe('parsePublishedKeys', () => {
  it('reads keys in any order and says when the bastion is ready', () => {
    expect(parse(line(2) + line(1) + READY)).toEqual({
      keys: [end(1), end(2)],
      ready: true,
      failedWithCode: null,
      leaseEnded: false,
    })
    expect(parse(line(2) + line(1)).ready).toBe(false)
    expect(parse('')).toEqual({ keys: [], ready: false, failedWithCode: null, leaseEnded: false })
  })

  it('reads a serial console: prefixes, carriage returns, other programs’ lines, everything twice', () => {
    const text = `[    1.2] Linux\r\n[   14.9] cloud-init[1888]: ${line(1).trim()}\r\n${line(1)}${line(2)}ci-info: |\r\n[  15.0] cloud-init[1888]: ${READY}`
    expect(parse(text)).toEqual({ keys: [end(1), end(2)], ready: true, failedWithCode: null, leaseEnded: false })
  })

  it('is not ready before every slot’s key was readable', () => {
    expect(parse(line(1) + READY).ready).toBe(false)
  })

  it('does not read a line that is still being printed', () => {
    expect(parse(line(1).trimEnd()).keys).toEqual([])
    expect(parse(`${line(1)}${line(2)}mole-bastion-ready v1 slots=2`).ready).toBe(false)
  })

  it('refuses two keys for one slot', () => {
    expect(() => parse(line(1) + line(1, keyOf(9)))).toThrow(/two different keys for tunnel 1/)
  })

  it.each([
    ['a short key', 'mole-bastion-key v1 slot=1 port=51821 key=AAAA=\n'],
    ['a long key', `mole-bastion-key v1 slot=1 port=51821 key=A${keyOf(1)}\n`],
    ['a key that is not 32 bytes', `mole-bastion-key v1 slot=1 port=51821 key=${'A'.repeat(42)}B=\n`],
    ['slot 0', `mole-bastion-key v1 slot=0 port=51821 key=${keyOf(1)}\n`],
    ['a port that is none', `mole-bastion-key v1 slot=1 port=99999 key=${keyOf(1)}\n`],
    ['another version', `mole-bastion-key v2 slot=1 port=51821 key=${keyOf(1)}\n`],
  ])('passes over %s', (_what, text) => {
    expect(parse(text).keys).toEqual([])
  })

  it('tells of a boot that gave up, unless a later one came to its end', () => {
    const failed = 'mole-bastion-failed v1 exit=1\n'
    expect(parse(line(1) + failed).failedWithCode).toBe(1)
    expect(parse(failed + line(1) + line(2) + READY).failedWithCode).toBeNull()
  })

  it('reads the slots of another bastion by their own numbers, and passes over those that are not its own', () => {
    const port = (slot: number): string => line(slot).replace(/port=\d+/, `port=${51_820 + slot - 8}`)
    const text = port(9) + port(10) + READY
    expect(parsePublishedKeys(text, slotsOfBastion(2))).toMatchObject({
      keys: [
        { slot: 9, port: 51_821 },
        { slot: 10, port: 51_822 },
      ],
      ready: true,
    })
    expect(parse(text)).toMatchObject({ keys: [], ready: false })
    expect(parsePublishedKeys(port(9) + line(2) + READY, slotsOfBastion(2)).ready).toBe(false)
  })

  it('tells of a lease that ended, unless the machine was started again since', () => {
    const over = 'mole-bastion-lease v1 ended\n'
    expect(parse(line(1) + line(2) + READY + over)).toMatchObject({ ready: true, leaseEnded: true })
    expect(parse(over).leaseEnded).toBe(true)
    expect(parse(over + line(1) + line(2) + READY).leaseEnded).toBe(false)
  })

  it('never throws on noise (property)', () => {
    fc.assert(fc.property(fc.string(), (noise) => parse(`${noise}\n`).ready === false))
  })
})
