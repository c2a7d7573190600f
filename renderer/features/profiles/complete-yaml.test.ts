import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS, CONFIG_SECTIONS } from '../../../domain/config/keys.ts'
import { completeYaml } from './complete-yaml.ts'

/** Offers at the `|` of a text. */
const at = (marked: string): ReturnType<typeof completeYaml> =>
  completeYaml(marked.replace('|', ''), marked.indexOf('|'))
const labels = (marked: string): string[] => at(marked)?.offers.map(({ label }) => label) ?? []

describe('completeYaml', () => {
  it('offers sections and the two keys of the document at the margin', () => {
    const sections = CONFIG_SECTIONS.filter(({ path }) => !path.includes('.')).map(({ path }) => path)
    expect(labels('|')).toEqual(['extends', 'description', ...sections])
  })

  it('offers the keys of the section a line is in, and not those of another', () => {
    const keys = CONFIG_KEYS.filter(({ path }) => path.startsWith('tunnel.')).map(({ path }) => path.slice(7))
    expect(labels('deployment:\n  tunnels: 2\n\ntunnel:\n  # a comment\n  |')).toEqual(keys)
  })

  it('offers sections within a section, and their keys', () => {
    expect(labels('optimization:\n  |')).toContain('buffer_sizes')
    expect(labels('optimization:\n  buffer_sizes:\n    |')).toEqual(['rmem_max', 'wmem_max'])
  })

  it.each(['tunnel:\n  mtu: 1400\n  |', 'tunnel:\n  |\n  mtu: 1400\n'])(
    'offers nothing that is there already',
    (text) => {
      expect(labels(text)).not.toContain('mtu')
      expect(labels(text)).toContain('min_tunnels')
    },
  )

  it('replaces the word that was begun', () => {
    expect(at('tunnel:\n  mt|')).toMatchObject({ from: 10 })
  })

  it.each([
    ['extends: |', ['default', 'dtn', 'research']],
    ['mptcp:\n  enable: |', ['true', 'false']],
    ['mptcp:\n  scheduler: r|', ['roundrobin', 'redundant', 'adaptive']],
    ['tunnel:\n  mtu: |', ['1420']],
    ['optimization:\n  large_mtu: |', ['null']],
  ])('offers what a key can be: %j', (text, wanted) => {
    expect(labels(text)).toEqual(wanted)
  })

  it('says of a key that is not yet in force that it is not', () => {
    const offer = at('optimization:\n  |')?.offers.find(({ label }) => label === 'enable_sriov')
    expect(offer?.detail).toBe('not yet in force')
    expect(offer?.info).toContain('does nothing in this version')
  })

  it.each(['# |', 'tunnel: {|', 'nonsense:\n  a: |', 'aws:\n  instance_types: [|', '    |'])(
    'offers nothing where it knows nothing: %j',
    (text) => {
      expect(labels(text)).toEqual([])
    },
  )
})
