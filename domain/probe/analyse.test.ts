import { describe, expect, it } from 'vitest'
import { analyse, type Found } from './analyse.ts'
import type { Analysis, Bottleneck } from './analysis.ts'
import type { BandwidthResult, TcpRun } from './bandwidth.ts'
import { recorded } from './testing/recorded.ts'

const namesIn = ({ bottlenecks }: Analysis, direction: Bottleneck['direction'] = 'upload'): string[] =>
  bottlenecks.filter((each) => each.direction === direction).map(({ name }) => name)

/** The same with other bandwidth. */
const changed = (found: Found, change: (bandwidth: BandwidthResult) => Partial<BandwidthResult>): Found => {
  if (found.bandwidth === null) throw new Error('nothing was recorded')
  return { ...found, bandwidth: { ...found.bandwidth, ...change(found.bandwidth) } }
}

const withRuns = (found: Found, change: (run: TcpRun) => TcpRun): Found =>
  changed(found, ({ runs }) => ({ runs: runs.map(change) }))

const within = (value: number | undefined, truth: number): boolean =>
  value !== undefined && Math.abs(value / truth - 1) <= 0.1

describe('analyse, of what was recorded in the lab', () => {
  it.each([
    ['path-200', 'path-capacity'],
    ['delay-80', 'path-capacity'],
    ['policing-100-of-400', 'flow-policing'],
    ['window-32k', 'receiver-window'],
    ['send-buffer-32k', 'send-buffer'],
    ['sender-40', 'application'],
    ['loss-2-percent', 'loss'],
    ['burst', 'burst-credit'],
  ])('names what limits: %s', (name, limit) => {
    const [first] = analyse(recorded(name)).bottlenecks
    expect(first).toMatchObject({ name: limit, confidence: 'high', direction: 'upload' })
    expect(first?.evidence.length).toBeGreaterThan(0)
  })

  it.each([
    ['path-200', 200e6],
    ['delay-80', 200e6],
    ['policing-100-of-400', 400e6],
    ['window-32k', 200e6],
    ['send-buffer-32k', 200e6],
    ['sender-40', 200e6],
    ['loss-2-percent', 200e6],
  ])('finds the rate of the path, whatever else limits: %s', (name, truth) => {
    expect(within(analyse(recorded(name)).pathBitsPerSecond?.value, truth)).toBe(true)
  })

  it('finds what one flow may have, and that all together are limited by the path', () => {
    const analysis = analyse(recorded('policing-100-of-400'))
    expect(within(analysis.flowBitsPerSecond?.value, 100e6)).toBe(true)
    expect(namesIn(analysis, 'download')).toEqual(['flow-policing', 'path-capacity'])
    expect(analyse(recorded('path-200')).flowBitsPerSecond).toBeNull()
  })

  it('tells the loss of an idle path from that of a full one', () => {
    expect(analyse(recorded('loss-2-percent')).lossRatio).toMatchObject({ from: { kind: 'measured' } })
    expect(analyse(recorded('loss-2-percent')).lossRatio?.value).toBeCloseTo(0.02, 2)
    expect(analyse(recorded('path-200')).lossRatio?.value).toBe(0)
  })

  it('says of every figure where it comes from', () => {
    const { pathBitsPerSecond, curves } = analyse(recorded('path-200'))
    expect(pathBitsPerSecond?.from).toMatchObject({ kind: 'measured', tool: 'iperf3', version: '3.12' })
    expect(curves.map(({ plateauBitsPerSecond }) => plateauBitsPerSecond.from.kind)).toEqual(['estimated', 'estimated'])
  })

  it('names iperf3 older than 3.16 as a limit of its own', () => {
    expect(analyse(recorded('path-200')).cautions[0]).toContain('3.12 is one thread')
    const newer = changed(recorded('path-200'), () => ({ iperf3Version: '3.16' }))
    expect(analyse(newer).cautions.join()).not.toContain('one thread')
  })
})

describe('analyse, of what was recorded and is changed', () => {
  const path = recorded('path-200')
  const unseen = withRuns(
    changed(path, () => ({ udp: [] })),
    (run) => ({ ...run, flows: [], retransmits: null }),
  )
  const onlyUploads = (found: Found): Found =>
    changed(found, ({ runs }) => ({ runs: runs.filter(({ direction }) => direction === 'upload') }))

  it('takes a download that loses below a cap seen the other way for cut by it, too', () => {
    const below = withRuns(recorded('policing-100-of-400'), (run) =>
      run.direction === 'upload' || run.streams > 1
        ? run
        : {
            ...run,
            goodputBitsPerSecond: { ...run.goodputBitsPerSecond, value: 66e6 },
            intervals: run.intervals.map((each) => ({ ...each, bitsPerSecond: 66e6 })),
            retransmits: 900,
          },
    )
    const analysis = analyse(below)
    expect(namesIn(analysis, 'download')).not.toContain('loss')
    expect(
      analysis.bottlenecks.find(({ name, direction }) => name === 'flow-policing' && direction === 'download'),
    ).toMatchObject({ confidence: 'low' })
  })

  it('takes a round trip that a busy host makes longer for no queue of a path that takes much more', () => {
    const slower = withRuns(recorded('sender-40'), (run) => ({
      ...run,
      flows: run.flows.map((flow) => ({ ...flow, medianRttMs: 1.5 * (flow.minRttMs ?? 0) + 4 })),
    }))
    expect(namesIn(analyse(slower))).toEqual(['application'])
  })

  it('takes a file that gives the same over any number of connections for no full path, whatever the kernel marks', () => {
    const unmarked = withRuns(recorded('sender-40'), (run) => ({
      ...run,
      flows: run.flows.map((flow) => ({ ...flow, applicationLimitedLooks: 0 })),
    }))
    expect(namesIn(analyse(unmarked))).toEqual(['application'])
  })

  it('names the core that iperf3 keeps busy, at this end or the far one', () => {
    const busy = (ends: Partial<TcpRun>) => withRuns(onlyUploads(unseen), (run) => ({ ...run, ...ends }))
    expect(namesIn(analyse(busy({ senderCoreRatio: 0.97 })))).toEqual(['sender-cpu'])
    expect(namesIn(analyse(busy({ receiverCoreRatio: 0.97 })))).toEqual(['far-end'])
    const downloads = withRuns(unseen, (run) => ({ ...run, receiverCoreRatio: 0.97 }))
    expect(namesIn(analyse(downloads), 'download')).toEqual(['receiver-cpu'])
  })

  it('does not take a busy core for the limit while a queue stands on the way', () => {
    const busy = withRuns(recorded('delay-80'), (run) => ({ ...run, senderCoreRatio: 0.97 }))
    expect(namesIn(analyse(busy))).toEqual(['path-capacity'])
  })

  it('names the interface when it is as full as it can be', () => {
    const facts = recorded('send-buffer-32k').interface
    if (facts === null) throw new Error('nothing was recorded')
    const card = (speed: number): Found => ({
      ...path,
      interface: {
        ...facts,
        driver: { ...facts.driver, value: 'ixgbe' },
        speedBitsPerSecond: { ...facts.speedBitsPerSecond, value: speed, lacks: null },
      },
    })
    expect(namesIn(analyse(card(205e6)))).toEqual(['interface'])
    expect(namesIn(analyse(card(1e9)))).toEqual(['path-capacity'])
  })

  it('says unknown where nothing proves a limit', () => {
    const single = changed(unseen, ({ runs }) => ({ runs: runs.filter(({ streams }) => streams === 1) }))
    const nothing = changed(path, () => ({ runs: [], udp: [] }))
    const uneven = withRuns(unseen, (run) => ({
      ...run,
      intervals: [],
      goodputBitsPerSecond: { ...run.goodputBitsPerSecond, value: run.streams === 2 ? 90e6 : 180e6 },
    }))
    for (const found of [single, nothing, uneven, { ...path, bandwidth: null }]) {
      const { bottlenecks, pathBitsPerSecond } = analyse(found)
      expect(new Set(bottlenecks.map(({ name, confidence }) => `${name} ${confidence}`))).toEqual(
        new Set(['unknown low']),
      )
      expect(pathBitsPerSecond).toBeNull()
    }
  })

  it('is less sure without the counters', () => {
    const [first] = analyse(onlyUploads(unseen)).bottlenecks
    expect(first).toMatchObject({ name: 'path-capacity', confidence: 'medium' })
  })

  it('takes losses without a queue for loss where UDP did not look, and is less sure', () => {
    const [first] = analyse(changed(recorded('loss-2-percent'), () => ({ udp: [] }))).bottlenecks
    expect(first).toMatchObject({ name: 'loss', confidence: 'medium' })
  })
})
