import { describe, expect, it } from 'vitest'
import { nearWord } from './near-word.ts'

const KEYS = ['target', 'tunnels', 'baseCidr', 'privateCidr', 'mtuBytes']

describe('the word that was probably meant', () => {
  it.each([
    ['tunels', 'tunnels'],
    ['tunnel', 'tunnels'],
    ['Target', 'target'],
    ['base_cidr', 'baseCidr'],
    ['private-cidr', 'privateCidr'],
    ['mtu', 'mtuBytes'],
  ])('%s is near %s', (given, meant) => {
    expect(nearWord(given, KEYS)).toBe(meant)
  })

  it.each(['', 'x', 'colour', '__proto__', 'a key that is not text'])('nothing is near %j', (given) => {
    expect(nearWord(given, KEYS)).toBeNull()
  })
})
