import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { describeType } from './describe-type.ts'
import { configJsonSchema, type JsonSchema } from './json-schema.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS, type ConfigKey, findKey, valuesOf } from './keys.ts'
import { SHIPPED_NAMES } from './shipped-names.ts'
import { conforms } from './testing/conforms.ts'
import { readShippedDocument, readSpecified, SPECIFIED } from './testing/read-fixture.ts'

const SCHEMA = configJsonSchema()
const accepts = (document: unknown): boolean => conforms(document, SCHEMA)
const nodeAt = (path: string): JsonSchema | undefined =>
  path.split('.').reduce<JsonSchema | undefined>((node, name) => node?.properties?.[name], SCHEMA)

describe('the JSON Schema', () => {
  it.each(SHIPPED_NAMES)('accepts the shipped %s', (name) => {
    expect(accepts(parse(readShippedDocument(name)))).toBe(true)
  })

  it.each(SPECIFIED)('accepts %s as the specification writes it', (name) => {
    expect(accepts(parse(readSpecified(name)))).toBe(true)
  })

  it.each([
    'tunnel: { mtu: 1420 }',
    'tunnel: { mtu: 1280 }\nextends: ../shared.yaml',
    'tunnel:',
    '{}',
    '',
    'lab: { path_rate: 1.5Gbit/s }',
    'lab: { path_rate: 200000000 }',
    'scaling: { scale_up_threshold: 80%, scale_interval: 2m }',
    'optimization: { buffer_sizes: { rmem_max: 128MiB, wmem_max: null } }',
  ])('accepts %j', (text) => {
    expect(accepts(parse(text))).toBe(true)
  })

  it.each([
    'tunnel: { mtu: 1279 }',
    'tunnel: { mtu: 8941 }',
    'tunnel: { mtu: "1420" }',
    'tunnel: { mtu: 1420.5 }',
    'tunnel: { mtu: null }',
    'tunnel: { mut: 1420 }',
    'tunnels: { mtu: 1420 }',
    'tunnel: 1420',
    'tunnel: [mtu]',
    'tunnel: { base_cidr: 10.100.0.0/24 }',
    'tunnel: { base_cidr: 10.300.0.0/16 }',
    'deployment: { private_cidr: 10.200.0.0 }',
    'deployment: { private_cidr: 10.200.0.0/33 }',
    'deployment: { target: azure }',
    'deployment: { vpc: vpc_12345 }',
    'scaling: { scale_interval: 5x }',
    'scaling: { scale_interval: 30 }',
    'scaling: { scale_interval: "30" }',
    'scaling: { scale_interval: -5s }',
    'scaling: { scale_up_threshold: 80 }',
    'scaling: { scale_up_threshold: 101% }',
    'scaling: { elephant_flow_threshold: 100 Mbit }',
    'scaling: { elephant_flow_threshold: 0 }',
    'probing: { mtu_range: [] }',
    'probing: { mtu_range: [1500, 1500] }',
    'probing: { mtu_range: 1500 }',
    'probing: { enable_jumbo_frames: "yes" }',
    'optimization: { buffer_sizes: { rmem_max: 12parsecs } }',
    'optimization: { cpu_governor: turbo }',
    'aws: { instance_types: [c6gn] }',
    'aws: { region: us-west }',
    'mptcp: { scheduler: random }',
    'lab: { path_rate: 200MB }',
    'lab: { path_rate: 999999 }',
    'extends: nowhere',
    'extends: [default]',
    'description: 5',
  ])('refuses %j', (text) => {
    expect(accepts(parse(text))).toBe(false)
  })

  it('says of what dialect it is, and what it is called', () => {
    expect(SCHEMA).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: expect.stringMatching(/^urn:/),
      title: expect.any(String),
      additionalProperties: false,
    })
  })

  it.each([...CONFIG_SECTIONS, ...CONFIG_KEYS].map(({ path }) => path))('describes %s', (path) => {
    expect(nodeAt(path)?.description).toMatch(/\S/)
  })

  it.each(CONFIG_KEYS)('gives the default of $path, and whether it is in force', ({ path, fallback, effect }) => {
    const node = nodeAt(path)
    expect(node?.default).toEqual(fallback)
    expect(conforms(fallback, node as JsonSchema)).toBe(true)
    expect(node?.description?.endsWith('(not yet in force)')).toBe(effect === null)
  })
})

/** Values that people write, sound and unsound, of every kind. */
const written: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', 'default', ...CONFIG_KEYS.map(({ fallback }) => fallback)),
  fc.integer({ min: -10, max: 10_000 }),
  fc.integer(),
  fc.double({ min: -1, max: 2, noNaN: true }),
  fc
    .tuple(
      fc.oneof(
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 9, noNaN: true }).map((n) => n.toFixed(3)),
      ),
      fc.constantFrom('', ' '),
      fc.constantFrom(
        '',
        'ms',
        's',
        'M',
        'h',
        'D',
        'kB',
        'MiB',
        'gib',
        'B',
        'k',
        'G',
        'Mbit/s',
        'gbps',
        'bit',
        '%',
        'x',
      ),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 33 }))
    .map(([a, b, prefix]) => `${a}.${b}.0.0/${prefix}`),
  fc.array(fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom('c6gn.large', 'us-west-2a', 'x')), {
    maxLength: 4,
  }),
  fc.stringMatching(/^[a-z0-9-]{1,12}$/),
)

describe('an editor', () => {
  const key = fc.constantFrom<ConfigKey>(...CONFIG_KEYS)

  it('refuses nothing that is accepted', () => {
    fc.assert(
      fc.property(key, written, ({ path, schema }, value) => {
        fc.pre(schema.safeParse(value).success)
        expect(accepts(valuesOf(path, value))).toBe(true)
      }),
      { numRuns: 2000, maxSkipsPerRun: 1000 },
    )
  })

  it('accepts nothing that is refused for its unit, its kind or its range as a number', () => {
    const tellsLater = /at least|at most|host bits|must be a duration|number of bytes|a rate in bits/
    fc.assert(
      fc.property(key, written, ({ path, schema }, value) => {
        const { error } = schema.safeParse(value)
        fc.pre(error !== undefined)
        const reason = error?.issues[0]?.message ?? ''
        // How large an amount with a unit may be, and whether it is whole, no pattern can tell.
        fc.pre(typeof value !== 'string' || !tellsLater.test(reason) || /[x%]$/.test(value))
        expect(accepts(valuesOf(path, value))).toBe(false)
      }),
      { numRuns: 2000, maxSkipsPerRun: 1000 },
    )
  })
})

describe('describeType', () => {
  it.each([
    ['tunnel.mtu', 'whole number, 1280 to 8940'],
    ['deployment.target', '"lab" or "aws"'],
    ['deployment.auto_optimize', 'true or false'],
    ['scaling.scale_interval', 'duration, 1s to 1d'],
    ['optimization.large_mtu', 'whole number, 1500 to 9216, or null'],
    ['probing.mtu_range', 'list: whole number, 576 to 9216'],
  ])('%s is a %s', (path, words) => {
    expect(describeType(findKey(path)?.schema as ConfigKey['schema'])).toBe(words)
  })

  it.each(CONFIG_KEYS)('has words for $path', ({ schema }) => {
    expect(describeType(schema)).not.toMatch(/undefined|object/)
  })
})
