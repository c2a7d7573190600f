import { Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { parseConfigDocument } from '../../../domain/config/parse-document.ts'
import { diagnosticsOf } from './yaml-diagnostics.ts'

const TEXT = 'tunnel:\n  mtuu: 1400\n  mtu: 99\n'
const doc = Text.of(TEXT.split('\n'))

describe('diagnosticsOf', () => {
  it('marks just the words that are wrong', () => {
    const { problems } = parseConfigDocument(TEXT, 'x.yaml')
    const marked = diagnosticsOf(doc, problems, 'x.yaml').map(({ from, to }) => TEXT.slice(from, to))
    expect(marked).toEqual(['mtuu', '99'])
  })

  it('puts what is wrong in another file at the first line, and names the file', () => {
    const place = { line: 9, column: 9, endLine: 9, endColumn: 10 }
    const problem = { source: 'base.yaml', place, key: 'tunnel.mtu', message: 'is wrong', nextStep: null }
    expect(diagnosticsOf(doc, [problem], 'x.yaml')).toEqual([
      { from: 0, to: 7, severity: 'error', message: 'base.yaml: tunnel.mtu is wrong.' },
    ])
  })

  it('keeps a place of an older, longer text inside the text', () => {
    const place = { line: 90, column: 9, endLine: 91, endColumn: 1 }
    const problem = { source: 'x.yaml', place, key: 'a', message: 'b', nextStep: null }
    expect(diagnosticsOf(doc, [problem], 'x.yaml')).toMatchObject([{ from: TEXT.length, to: TEXT.length }])
  })
})
