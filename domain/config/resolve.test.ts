import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS, valuesOf } from './keys.ts'
import { type Layer, OriginKind, resolveLayers } from './resolve.ts'
import { type ConfigValues, DEFAULT_CONFIG } from './schema.ts'

const layer = (kind: OriginKind, values: ConfigValues, line = 1): Layer => ({
  kind,
  values,
  where: (path) => ({ source: `${kind}:${path}`, place: { line, column: 3, endLine: line, endColumn: 9 } }),
})

const KINDS = OriginKind.options.filter((kind) => kind !== 'default')
const mtuOf = (kind: OriginKind): number => 1400 + OriginKind.options.indexOf(kind)
const mtuLayers = (kinds: readonly OriginKind[]): Layer[] =>
  kinds.map((kind) => layer(kind, { tunnel: { mtu: mtuOf(kind) } }))
const saidOf = (layers: readonly Layer[], path: string) =>
  resolveLayers(layers).values.find((value) => value.path === path)

describe('precedence', () => {
  it('is default, extends, user, profile, environment, flag', () => {
    expect(OriginKind.options).toEqual(['default', 'extends', 'user', 'profile', 'environment', 'flag'])
  })

  it.each(KINDS)('%s wins over all below it', (kind) => {
    const layers = mtuLayers(KINDS.slice(0, KINDS.indexOf(kind) + 1))
    expect(resolveLayers(layers).config?.tunnel.mtu).toBe(mtuOf(kind))
    expect(saidOf(layers, 'tunnel.mtu')).toEqual({
      path: 'tunnel.mtu',
      value: mtuOf(kind),
      origin: kind,
      where: `${kind}:tunnel.mtu:1:3`,
      inForce: true,
    })
  })

  it.each(KINDS)('%s wins where those above it are silent', (kind) => {
    const layers = KINDS.flatMap((each) => (each === kind ? mtuLayers([each]) : [layer(each, {})]))
    expect(saidOf(layers, 'tunnel.mtu')).toMatchObject({ value: mtuOf(kind), origin: kind })
  })

  it('of two of one kind the later wins: a descendant over its ancestor', () => {
    const layers = [layer('extends', { tunnel: { mtu: 1300 } }, 1), layer('extends', { tunnel: { mtu: 1301 } }, 2)]
    expect(saidOf(layers, 'tunnel.mtu')).toMatchObject({ value: 1301, where: 'extends:tunnel.mtu:2:3' })
  })

  it('is judged key by key, also in sections of sections', () => {
    const layers = [
      layer('user', { optimization: { buffer_sizes: { rmem_max: '1MiB', wmem_max: '2MiB' } } }),
      layer('profile', { optimization: { buffer_sizes: { wmem_max: 4096 } } }),
    ]
    expect(saidOf(layers, 'optimization.buffer_sizes.rmem_max')).toMatchObject({ value: '1MiB', origin: 'user' })
    expect(saidOf(layers, 'optimization.buffer_sizes.wmem_max')).toMatchObject({ value: 4096, origin: 'profile' })
    expect(resolveLayers(layers).config?.optimization.buffer_sizes).toEqual({ rmem_max: 1_048_576, wmem_max: 4096 })
  })

  it('lets null win over a value, and a list over a list whole', () => {
    const layers = [
      layer('user', { optimization: { large_mtu: 9000 }, probing: { parallel_streams: [1, 2, 4] } }),
      layer('profile', { optimization: { large_mtu: null }, probing: { parallel_streams: [16] } }),
    ]
    expect(saidOf(layers, 'optimization.large_mtu')).toMatchObject({ value: null, origin: 'profile' })
    expect(saidOf(layers, 'probing.parallel_streams')).toMatchObject({ value: [16], origin: 'profile' })
  })
})

describe('where nobody says anything', () => {
  it('holds what is built in', () => {
    const { config, values, problems } = resolveLayers([])
    expect(config).toEqual(DEFAULT_CONFIG)
    expect(problems).toEqual([])
    expect(values.map(({ path }) => path)).toEqual(CONFIG_KEYS.map(({ path }) => path))
    expect(new Set(values.map(({ origin, where }) => `${origin} ${where}`))).toEqual(new Set(['default built in']))
    expect(values.map(({ value }) => value)).toEqual(CONFIG_KEYS.map(({ fallback }) => fallback))
  })
})

/** Two keys that do not fit together, and the words by which a person knows what is meant. */
const CLASHES = [
  ['tunnel.min_tunnels', 6, 'tunnel.max_tunnels', 5, 'is more than'],
  ['deployment.tunnels', 7, 'tunnel.max_tunnels', 5, 'is not from'],
  ['deployment.tunnels', 2, 'tunnel.min_tunnels', 3, 'is not from'],
  ['scaling.scale_up_threshold', 0.5, 'scaling.scale_down_threshold', '60%', 'is not below'],
  ['tunnel.base_cidr', '10.20.0.0/16', 'deployment.private_cidr', '10.20.7.0/24', 'overlaps'],
] as const

describe('keys that do not fit together', () => {
  const clashes = CLASHES.flatMap(([a, aValue, b, bValue, words]) => [
    { low: a, lowValue: aValue, high: b, highValue: bValue, words },
    { low: b, lowValue: bValue, high: a, highValue: aValue, words },
  ])

  it.each(clashes)('$high over $low: the one set last is pointed at', ({ low, lowValue, high, highValue, words }) => {
    const layers = [layer('user', valuesOf(low, lowValue), 4), layer('environment', valuesOf(high, highValue), 7)]
    const { config, problems } = resolveLayers(layers)
    expect(config).toBeNull()
    expect(problems[0]).toMatchObject({
      source: `environment:${high}`,
      place: { line: 7 },
      key: high,
      message: expect.stringContaining(words),
      nextStep: expect.any(String),
    })
  })

  it('are no problem once a higher layer mends it', () => {
    const layers = [
      layer('user', { tunnel: { max_tunnels: 2 } }),
      layer('profile', { deployment: { tunnels: 6 } }),
      layer('flag', { tunnel: { max_tunnels: 6 } }),
    ]
    expect(resolveLayers(layers).problems).toEqual([])
  })

  it.each(['127.0.0.0/24', '169.254.169.0/24', '0.0.0.0/0', '224.0.0.0/8'])(
    '%s is nobody’s private network',
    (cidr) => {
      const { problems } = resolveLayers([layer('profile', { deployment: { private_cidr: cidr } })])
      expect(problems[0]).toMatchObject({ key: 'deployment.private_cidr', source: 'profile:deployment.private_cidr' })
    },
  )
})

it('a value no parser has seen is a problem of the layer that said it', () => {
  const values = { probing: { parallel_streams: [1, 999] } } as ConfigValues
  const { config, problems } = resolveLayers([layer('user', {}), layer('flag', values)])
  expect(config).toBeNull()
  expect(problems).toEqual([
    expect.objectContaining({ source: 'flag:probing.parallel_streams', key: 'probing.parallel_streams' }),
  ])
})
