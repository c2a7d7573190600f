import { describe, expect, it } from 'vitest'
import { editDocument } from '../../../domain/config/edit-document.ts'
import { CONFIG_KEYS, type ConfigKey, findKey, valueAt } from '../../../domain/config/keys.ts'
import { parseConfigDocument } from '../../../domain/config/parse-document.ts'
import { fieldKindOf, fieldOfValue, valueOfField } from './field-value.ts'

const key = (path: string): ConfigKey => {
  const found = findKey(path)
  if (found === null) throw new Error(`There is no key ${path}.`)
  return found
}

describe('valueOfField', () => {
  it.each(CONFIG_KEYS.map((each) => [each.path, each] as const))('gives the default of %s back', (_, each) => {
    expect(valueOfField(each, fieldOfValue(each.fallback))).toEqual(each.fallback)
  })

  it.each(CONFIG_KEYS.map((each) => [each.path, each] as const))('writes %s so that it is read', (path, each) => {
    const text = editDocument('', [{ path, value: valueOfField(each, fieldOfValue(each.fallback)) }])
    const { document, problems } = parseConfigDocument(text, 'x.yaml')
    expect(problems).toEqual([])
    expect(valueAt(document?.values ?? {}, path)).toEqual(each.fallback)
  })

  it.each([
    ['tunnel.mtu', ' ', undefined],
    ['tunnel.mtu', '1400', 1400],
    ['tunnel.mtu', '1400 bytes', '1400 bytes'],
    ['lab.path_rate', '1.5G', '1.5G'],
    ['optimization.buffer_sizes.rmem_max', '128MiB', '128MiB'],
    ['optimization.buffer_sizes.rmem_max', '134217728', 134_217_728],
    ['optimization.large_mtu', 'null', null],
    ['aws.profile', '12345', '12345'],
    ['probing.mtu_range', '[1500, 9000,]', [1500, 9000]],
    ['probing.mtu_range', '1500, big', [1500, 'big']],
    ['aws.instance_types', 't4g.nano', ['t4g.nano']],
    ['aws.subnets', 'null', null],
    ['mptcp.enable', 'true', true],
  ])('%s: %j is %j', (path, typed, value) => {
    expect(valueOfField(key(path), typed)).toEqual(value)
  })
})

describe('fieldKindOf', () => {
  it.each([
    ['deployment.target', { kind: 'choice', choices: ['lab', 'aws'] }],
    ['mptcp.enable', { kind: 'choice', choices: ['true', 'false'] }],
    ['tunnel.mtu', { kind: 'number', isList: false }],
    ['optimization.large_mtu', { kind: 'number', isList: false }],
    ['probing.mtu_range', { kind: 'number', isList: true }],
    ['scaling.scale_interval', { kind: 'text', isList: false }],
  ])('%s', (path, kind) => {
    expect(fieldKindOf(key(path))).toEqual(kind)
  })
})
