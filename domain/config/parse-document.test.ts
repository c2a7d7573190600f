import { describe, expect, it } from 'vitest'
import { parseConfigDocument } from './parse-document.ts'
import { renderProblem } from './problem.ts'
import { readShippedDocument, readSpecified } from './testing/read-fixture.ts'

const parse = (given: string | Uint8Array) => parseConfigDocument(given, 'lab.yaml')
const problemsOf = (given: string | Uint8Array): string[] => parse(given).problems.map(renderProblem)
const placeOf = (given: string, key: string): string => {
  const place = parse(given).document?.places.get(key)
  return `${place?.line}:${place?.column}-${place?.endLine}:${place?.endColumn}`
}

describe('a sound document', () => {
  it.each([
    ['nothing', ''],
    ['an empty line', '\n'],
    ['a comment', '# to do'],
    ['a beginning', '---\n'],
    ['a beginning and an end', '---\n...\n'],
    ['its version', '%YAML 1.2\n---\n'],
    ['its version with a comment', '%YAML 1.2 # or later\n---\n'],
    ['a byte order mark', '\uFEFF'],
    ['no keys', '{}'],
    ['a comment of any characters', '# Grüße, 世界, 😀, \u202E\n'],
  ])('may say nothing: %s', (_, text) => {
    expect(parse(text)).toEqual({
      document: { source: 'lab.yaml', extends: null, description: null, values: {}, places: new Map() },
      problems: [],
    })
  })

  it('may have sections with nothing in them', () => {
    expect(parse('tunnel:\nscaling: # later\n\noptimization:\n  buffer_sizes:\nlab: {}\n').document?.values).toEqual({
      tunnel: {},
      scaling: {},
      optimization: { buffer_sizes: {} },
      lab: {},
    })
  })

  it.each([
    ['JSON', '{"tunnel": {"mtu": 1400}}'],
    ['braces', '{tunnel: {mtu: 1400}}'],
    ['quoted names', '"tunnel":\n  \'mtu\': 1400\n'],
    ['deep indentation', 'tunnel:\n        mtu:       1400\n'],
    ['a value in the next line', 'tunnel:\n  mtu:\n    1400\n'],
    ['a byte order mark', '\uFEFFtunnel:\n  mtu: 1400\n'],
    ['CRLF', 'tunnel:\r\n  mtu: 1400\r\n'],
    ['CR', 'tunnel:\r  mtu: 1400\r'],
    ['no line end', 'tunnel:\n  mtu: 1400'],
    ['a point', 'tunnel:\n  mtu: 1400.0\n'],
    ['an end', 'tunnel:\n  mtu: 1400\n...\n'],
  ])('may be written in another style: %s', (_, text) => {
    expect(parse(text)).toMatchObject({ document: { values: { tunnel: { mtu: 1400 } } }, problems: [] })
    expect(parse(new TextEncoder().encode(text))).toEqual(parse(text))
  })

  it('has what it extends and its description, of several lines too', () => {
    const { document } = parse('description: >\n  Beamline 7,\n  night shift\nextends: ./base.yaml\n')
    expect(document).toMatchObject({ description: 'Beamline 7, night shift', extends: './base.yaml', values: {} })
  })

  it('keeps values as they are written', () => {
    const text =
      'scaling:\n  scale_interval: 90s\n  scale_up_threshold: 80%\nlab: {path_rate: 1.5 Gbit/s}\naws: {region: ~}\n'
    expect(parse(text).document?.values).toEqual({
      scaling: { scale_interval: '90s', scale_up_threshold: '80%' },
      lab: { path_rate: '1.5 Gbit/s' },
      aws: { region: null },
    })
  })

  it.each([
    ['tunnel:\n  mtu: 1400 # b\n', 'tunnel.mtu', '2:8-2:12'],
    ['\uFEFFtunnel:\r\n  mtu: 1400\r\n', 'tunnel.mtu', '2:8-2:12'],
    ['# 😀\rtunnel:\r  mtu: 1400\r', 'tunnel.mtu', '3:8-3:12'],
    ['{"tunnel": {"mtu": 1400}}', 'tunnel.mtu', '1:20-1:24'],
    ['probing:\n  mtu_range: [1200,\n    1500]\n', 'probing.mtu_range', '2:14-3:10'],
    ['extends: "dtn"\n', 'extends', '1:10-1:15'],
    ['tunnel:\n', 'tunnel', '1:8-1:8'],
  ])('knows where its values are: %j: %s', (text, key, place) => {
    expect(placeOf(text, key)).toBe(place)
  })

  it.each(['default', 'dtn', 'research'])('is the shipped %s.yaml', (name) => {
    expect(problemsOf(readShippedDocument(name))).toEqual([])
  })

  it.each(['default', 'dtn'] as const)('is the specified %s.yaml, with any line end and mark', (name) => {
    const text = readSpecified(name)
    const { document, problems } = parse(text)
    expect(problems).toEqual([])
    for (const end of ['\r\n', '\r']) expect(parse(`\uFEFF${text.replaceAll('\n', end)}`).document).toEqual(document)
  })
})

describe('the problems of a document', () => {
  it('are all told, in the order of the text', () => {
    const text = [
      'extends: 7',
      'tunel: {}',
      'tunnel:',
      '  mtu: 9',
      '  max_tunnels: no',
      '  max_tunnels: 4',
      'probing:',
      '  mtu_range: [1, 1500, big]',
      'mtu: 1400',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      'lab.yaml:1:10: extends: must be text',
      'lab.yaml:2:1: tunel: is not a key of the configuration',
      'lab.yaml:4:8: tunnel.mtu: must be at least 1280',
      'lab.yaml:5:16: tunnel.max_tunnels: must be a whole number of tunnels',
      'lab.yaml:6:3: tunnel.max_tunnels: is there twice',
      'lab.yaml:8:15: probing.mtu_range: must be at least 576',
      'lab.yaml:8:24: probing.mtu_range: must be a whole number of bytes',
      'lab.yaml:9:1: mtu: is not a key of the configuration',
    ])
  })

  it('before an error in the syntax are told, and not what follows from it', () => {
    expect(problemsOf('tunnel:\n  mtu: 9\n\tmax_tunnels: 99\n  min_tunnels: 77\n')).toEqual([
      'lab.yaml:2:8: tunnel.mtu: must be at least 1280',
      'lab.yaml:3:1: document: is indented with a tab',
    ])
  })

  it('are the first fifty at most', () => {
    const lines = Array.from({ length: 200 }, (_, number) => `key${number}: 1`)
    const { problems } = parse(lines.join('\n'))
    expect(problems).toHaveLength(50)
    expect(problems.map(({ key }) => key)).toEqual(lines.slice(0, 50).map((line) => line.slice(0, line.indexOf(':'))))
  })

  it('reach from the first to the last letter of what is wrong', () => {
    expect(parse('tunnel:\n  mtu: 91\n').problems[0]?.place).toEqual({ line: 2, column: 8, endLine: 2, endColumn: 10 })
    expect(parse('tunel:\n').problems[0]?.place).toEqual({ line: 1, column: 1, endLine: 1, endColumn: 6 })
  })

  it('leave no trace of an unwanted name', () => {
    parse('__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
