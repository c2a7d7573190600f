import { describe, expect, it } from 'vitest'
import { pathAt } from './path-at.ts'

/** The path at the `|` of a text. */
const at = (marked: string): string | null => pathAt(marked.replace('|', ''), marked.indexOf('|'))

describe('pathAt', () => {
  it.each([
    ['tun|nel:\n  mtu: 1400\n', 'tunnel'],
    ['tunnel:\n  m|tu: 1400\n', 'tunnel.mtu'],
    ['tunnel:\n  mtu: 14|00\n', 'tunnel.mtu'],
    ['tunnel:\n|  mtu: 1400\n', 'tunnel.mtu'],
    ['optimization:\n  reserve_cores: 1\n  buffer_sizes:\n    rmem_max: |1\n', 'optimization.buffer_sizes.rmem_max'],
    ['optimization:\n  buffer_sizes:\n    rmem_max: 1\n  cpu_governor: |x', 'optimization.cpu_governor'],
    ['aws:\n  instance_types:\n    - c6in|.large\n', 'aws.instance_types'],
    ['aws:\n  instance_types:\n  - a\n  - b|\n', 'aws.instance_types'],
    ['tunnel:\n  # about| it\n  mtu: 1\n', 'tunnel'],
    ['tunnel:\n  |', 'tunnel'],
    ['extends: d|tn', 'extends'],
  ])('is what the cursor stands in: %j', (text, path) => expect(at(text)).toBe(path))

  it.each(['|', 'tunnel:\n  mtu: 1\n|', '# a com|ment', '  mtu|: 1\n', '- a|'])('is nothing at %j', (text) =>
    expect(at(text)).toBeNull(),
  )
})
