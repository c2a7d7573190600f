import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { readChain } from '../../engine/config/extends-chain.ts'
import type { ConfigDocument } from './document.ts'
import { CONFIG_KEYS, valueAt } from './keys.ts'
import { mergeValues } from './merge.ts'
import { parseConfigDocument } from './parse-document.ts'
import { type Layer, resolveLayers } from './resolve.ts'
import { Config, DEFAULT_CONFIG } from './schema.ts'
import { SHIPPED_NAMES } from './shipped-names.ts'
import { readShippedDocument, readSpecified, SPECIFIED } from './testing/read-fixture.ts'

const parsed = (text: string, source: string): ConfigDocument => {
  const { document, problems } = parseConfigDocument(text, source)
  expect(problems).toEqual([])
  return document as ConfigDocument
}
const specified = (name: (typeof SPECIFIED)[number]): ConfigDocument => parsed(readSpecified(name), `${name}.yaml`)
const shipped = (name: string): ConfigDocument => parsed(readShippedDocument(name), `${name}.yaml`)

const layer = ({ source, values, places }: ConfigDocument): Layer => ({
  kind: 'extends',
  values,
  where: (path) => ({ source, place: places.get(path) ?? null }),
})

describe('the documents of the specification', () => {
  // Of the text between the specification's fences: whoever touches a fixture is told.
  it.each([
    ['default', 932, '4985fc5b071b325d07c47eb329de8afd06abf529a62e21a6ef8e3955df4a64a2'],
    ['dtn', 397, 'bd32088af10ef6dcc19948b89604fe829df0a14c982cb546f045677bbe58269f'],
  ] as const)('%s is as it was written', (name, bytes, hash) => {
    const text = readSpecified(name)
    expect(Buffer.byteLength(text)).toBe(bytes)
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash)
  })

  it('default parses unchanged, and says what is built in', () => {
    const { values, extends: parent } = specified('default')
    expect(parent).toBeNull()
    expect(Config.parse(values)).toEqual(DEFAULT_CONFIG)
  })

  it('dtn parses unchanged', () => {
    expect(specified('dtn')).toMatchObject({
      extends: 'default',
      values: {
        tunnel: { max_tunnels: 12 },
        mptcp: { enable: true, scheduler: 'roundrobin' },
        optimization: { large_mtu: 9000, buffer_sizes: { rmem_max: 134_217_728, wmem_max: 134_217_728 } },
      },
    })
  })

  it('dtn stands on default, and has the last word', () => {
    const { config, problems } = resolveLayers([layer(specified('default')), layer(specified('dtn'))])
    expect(problems).toEqual([])
    expect(config).toEqual(Config.parse(mergeValues(specified('default').values, specified('dtn').values)))
    expect(config?.tunnel).toEqual({ ...DEFAULT_CONFIG.tunnel, max_tunnels: 12 })
    expect(config?.optimization).toMatchObject({ reserve_cores: 2, tcp_congestion: 'bbr', enable_sriov: true })
  })

  it('dtn’s chain is found by the names it uses', async () => {
    const chain = await readChain({ text: readSpecified('dtn'), source: 'mine.yaml', directory: tmpdir() })
    expect(chain.problems).toEqual([])
    expect(chain.ancestors.map(({ source }) => source)).toEqual(['default.yaml'])
  })
})

describe('the shipped configurations', () => {
  it.each(SHIPPED_NAMES)('%s has no problems, by itself and with what it extends', async (name) => {
    const chain = await readChain({ text: readShippedDocument(name), source: `own-${name}.yaml`, directory: tmpdir() })
    expect(chain.problems).toEqual([])
    const documents = [...chain.ancestors, chain.own as ConfigDocument]
    expect(resolveLayers(documents.map(layer)).problems).toEqual([])
  })

  it('default sets every key, to what is built in', () => {
    const { values } = shipped('default')
    expect(CONFIG_KEYS.filter(({ path }) => valueAt(values, path) === undefined)).toEqual([])
    expect(Config.parse(values)).toEqual(DEFAULT_CONFIG)
  })

  it.each(SPECIFIED)('%s says all that the specification says', (name) => {
    const { values } = shipped(name)
    const wanted = specified(name)
    const keys = CONFIG_KEYS.filter(({ path }) => valueAt(wanted.values, path) !== undefined)
    expect(keys.length).toBeGreaterThan(5)
    for (const { path } of keys) expect(valueAt(values, path), path).toEqual(valueAt(wanted.values, path))
    expect(shipped(name).extends).toBe(wanted.extends)
  })

  it('every other one stands on default, and says what it is for', () => {
    for (const name of SHIPPED_NAMES.filter((each) => each !== 'default')) {
      expect(shipped(name).extends).toBe('default')
      expect(shipped(name).description).toMatch(/\S/)
    }
  })
})
