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

  it('is the nearest of several', () => {
    expect(nearWord('wmem_mx', ['rmem_max', 'wmem_max'])).toBe('wmem_max')
  })

  it('leaves less to chance in a short word', () => {
    expect(nearWord('mru', ['mtu'])).toBe('mtu')
    expect(nearWord('axe', ['aws'])).toBeNull()
  })

  it('costs nothing for a word that is absurdly long', () => {
    expect(nearWord('a'.repeat(10_000_000), KEYS)).toBeNull()
  })
})
