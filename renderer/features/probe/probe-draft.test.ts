import { describe, expect, it } from 'vitest'
import { ProbeRequest } from '../../../domain/probe/request.ts'
import { beginWith, type ProbeDraft, parseProbeDraft, partsFor, useProbeDraft } from './probe-draft.ts'

const draft = (change: Partial<ProbeDraft> = {}): ProbeDraft => ({ ...useProbeDraft.getInitialState(), ...change })

describe('a draft of a probe', () => {
  it('is a request from the beginning, in the units of the engine', () => {
    const { request } = parseProbeDraft(
      draft({ rateMegabits: 100, lossPercent: 2, flowRateMegabits: 50, windowKibibytes: 64 }),
    )
    expect(request?.target).toMatchObject({
      kind: 'lab',
      site: {
        rateBitsPerSecond: 100e6,
        lossRatio: 0.02,
        flowRateBitsPerSecond: 50e6,
        blackHoleAboveBytes: null,
        receiveWindowBytes: 65_536,
      },
    })
    expect(request?.mtuRungs).toEqual([1200, 1500, 1800, 9000])
    expect(request?.regions).toBeNull()
  })
  it('names the field that is wrong, in the words of the form', () => {
    expect(parseProbeDraft(draft({ kind: 'host', host: 'a b' })).errors.host).toContain('host name')
    expect(parseProbeDraft(draft({ kind: 'host', host: 'a.example', echoPort: 0 })).errors.echoPort).toContain('65535')
    expect(parseProbeDraft(draft({ kind: 'deployment', behind: 'a b' })).errors.behind).toContain('host name')
    expect(parseProbeDraft(draft({ kind: 'aws' })).errors.account).toBe('Choose a region.')
    expect(parseProbeDraft(draft({ mtuBytes: '' })).errors.mtuBytes).toContain('1280')
    expect(parseProbeDraft(draft({ mtuRungs: '1500, many' })).errors.mtuRungs).toContain('divided by commas')
    expect(parseProbeDraft(draft({ seconds: '' })).errors.seconds).toContain('3600')
    expect(parseProbeDraft(draft({ streams: [] })).errors.streams).toBeDefined()
    expect(parseProbeDraft(draft({ parts: [] })).errors.parts).toBeDefined()
  })
  it('leaves out what wants a target, where there is none', () => {
    expect(partsFor('none', ['interface', 'mtu', 'latency', 'bandwidth'])).toEqual(['interface', 'latency'])
    expect(parseProbeDraft(draft({ kind: 'none' })).request?.parts).toEqual(['interface', 'latency'])
  })
})

it('takes over what the configuration asks for, once', () => {
  const { target: _, ...defaults } = ProbeRequest.parse({ target: { kind: 'none' }, seconds: 7, regions: [] })
  beginWith(defaults)
  expect(useProbeDraft.getState()).toMatchObject({ seconds: 7, allRegions: false })
  beginWith({ ...defaults, seconds: 9 })
  expect(useProbeDraft.getState().seconds).toBe(7)
})
