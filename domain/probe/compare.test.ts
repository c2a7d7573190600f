import { describe, expect, it } from 'vitest'
import { compareProbes } from './compare.ts'
import { ProbeSummary } from './report.ts'
import { summarise } from './summarise.ts'
import { reportOf } from './testing/report.ts'

const [path, policed] = [reportOf('path-200'), reportOf('policing-100-of-400')]
const row = (rows: ReturnType<typeof compareProbes>, name: string) => rows.find((each) => each.name === name)

describe('compareProbes', () => {
  it('says that a probe is the same as itself, row by row', () => {
    const changes = compareProbes(policed, policed).map(({ change }) => change)
    expect(changes.filter((change) => change !== 'same' && change !== null)).toEqual([])
    expect(changes).toContain('same')
  })

  it('says what changed, and by how much', () => {
    const rows = compareProbes(path, policed)
    expect(row(rows, 'What limits')).toMatchObject({ first: 'capacity of the path', change: 'changed' })
    expect(row(rows, 'Upload, 1 stream')?.change).toBe('−50 %')
    expect(row(rows, 'Rate of the path')?.change).toMatch(/^\+(9[0-9]|10[0-9]) %$/)
    expect(row(rows, 'Path MTU')?.change).toBe('same')
  })

  it('calls no packet size the same that is another by a byte', () => {
    const { mtu } = path
    const mtuOf = (bytes: number) =>
      mtu.result && { ...mtu, result: { ...mtu.result, mtuBytes: { ...mtu.result.mtuBytes, value: bytes } } }
    const other = { ...path, mtu: mtuOf(1492) ?? mtu }
    expect(row(compareProbes(path, other), 'Path MTU')).toMatchObject({ first: '1500 bytes', change: '−8' })
    expect(row(compareProbes(other, path), 'Path MTU')?.change).toBe('+8')
  })

  it('says nothing of a change where one of them does not say, and leaves out what neither does', () => {
    const rows = compareProbes(path, policed)
    expect(row(rows, 'Rate of one flow')).toMatchObject({ first: null, change: null })
    expect(row(rows, 'Interface')).toBeUndefined()
  })
})

describe('summarise', () => {
  it('makes a line of the history of a report, whole or not', () => {
    const summary = ProbeSummary.parse(summarise(policed))
    expect(summary).toMatchObject({ id: policed.id, mtuBytes: 1500, bottleneck: 'flow-policing' })
    expect((summary.goodputBitsPerSecond ?? 0) / 383e6).toBeCloseTo(1, 2)
    const nothing = { ...path.mtu, result: null }
    const empty = { ...path, mtu: nothing, latency: nothing, bandwidth: nothing, analysis: null }
    expect(ProbeSummary.parse(summarise(empty))).toMatchObject({
      mtuBytes: null,
      rttMs: null,
      goodputBitsPerSecond: null,
      bottleneck: null,
    })
  })
})
