import { renderToString } from 'ink'
import { createElement as h } from 'react'
import { describe, expect, it } from 'vitest'
import type { ActivityEvent, TelemetrySample } from '../../contract/app.ts'
import { connected, NOTHING } from '../testing/fake-engine.ts'
import { Dashboard } from './dashboard.ts'
import { type Monitor, NOTHING_SEEN, ratesOf, withEvents, withSamples, withView } from './model.ts'

const sample = (atMs: number, up: number): TelemetrySample => ({
  atMs,
  tunnels: [1, 2].map((slot) => ({
    slot,
    upBitsPerSecond: up * slot,
    downBitsPerSecond: 1000,
    rttMs: 0.42,
    lossRatio: slot === 2 ? 0.25 : 0,
    handshakeAgeSeconds: 3,
    upBytes: 1,
    downBytes: 1,
  })),
})

const event = (id: number, text: string): ActivityEvent => ({ id, atMs: 0, level: 'info', kind: 'test.event', text })

const draw = (monitor: Monitor, columns = 100): string =>
  renderToString(h(Dashboard, { monitor, nowMs: 62_000, columns }), { columns })

describe('the model of the dashboard', () => {
  it('keeps the last minute, and forgets it with the deployment', () => {
    const seen = withView(NOTHING_SEEN, connected(2))
    const minute = withSamples(
      seen,
      Array.from({ length: 70 }, (_, index) => sample(index, index)),
    )
    expect(minute.samples.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 60 }, (_, index) => index + 10))
    expect(withView(minute, connected(2)).samples).toHaveLength(60)
    expect(withView(minute, NOTHING).samples).toEqual([])
  })

  it('sums a direction over all tunnels, or tells one tunnel’s', () => {
    const samples = [sample(1, 10), sample(2, 20)]
    expect(ratesOf(samples, 'upBitsPerSecond')).toEqual([30, 60])
    expect(ratesOf(samples, 'upBitsPerSecond', 2)).toEqual([20, 40])
  })

  it('has the newest events first', () => {
    const two = withEvents(NOTHING_SEEN, [event(1, 'one'), event(2, 'two')])
    expect(withEvents(two, [event(3, 'three')]).events.map(({ text }) => text)).toEqual(['three', 'two', 'one'])
  })
})

describe('the dashboard', () => {
  const full = withEvents(withSamples(withView(NOTHING_SEEN, connected(2)), [sample(1, 50e6), sample(2, 100e6)]), [
    event(1, 'The deployment is connected.'),
  ])

  it('shows the deployment, the sums, each tunnel and the events', () => {
    const text = draw(full)
    expect(text).toMatch(/^Connected: lab, 2 tunnels on 1 bastion, for 1 min 0 s/)
    expect(text).toMatch(/up\s+300 Mbit\/s\s+▅█/)
    expect(text).toMatch(/1 ● up\s+100 Mbit\/s\s+1\.0 kbit\/s\s+0\.42 ms\s+0 %/)
    expect(text).toMatch(/2 ● up\s+200 Mbit\/s\s+1\.0 kbit\/s\s+0\.42 ms\s+25 %/)
    expect(text).toContain('The deployment is connected.')
  })

  it('tells degraded from dead, and who is out of the route', () => {
    const view = connected(4)
    const [first, second, third, fourth] = view.tunnels
    if (first === undefined || second === undefined || third === undefined || fourth === undefined)
      throw new Error('The fixture has four tunnels.')
    const tunnels = [
      { ...first, health: 'degraded' as const },
      { ...second, health: 'silent' as const, carries: false },
      { ...third, carries: false },
      fourth,
    ]
    const text = draw(withView(NOTHING_SEEN, { ...view, tunnels }))
    expect(text).toMatch(/1 ◐ degraded/)
    expect(text).toMatch(/2 ○ out/)
    expect(text).toMatch(/3 ● returns/)
    expect(text).toContain('Out of the route: 2, 3. The other 2 carry the traffic.')
    expect(text).not.toContain('No tunnel answers')
  })

  it('raises an alarm when no tunnel answers', () => {
    const view = connected(2)
    const tunnels = view.tunnels.map((tunnel) => ({ ...tunnel, health: 'silent' as const }))
    expect(draw(withView(NOTHING_SEEN, { ...view, tunnels }))).toContain('No tunnel answers')
  })

  it('leaves the pictures out where the terminal is narrow, and no line is longer than it', () => {
    const lines = draw(full, 64).split('\n')
    expect(lines.every((line) => line.length <= 64)).toBe(true)
    expect(lines.join('')).not.toMatch(/[▁-█]/)
  })

  it('says when nothing is deployed, and when it knows nothing yet', () => {
    expect(draw(withView(NOTHING_SEEN, NOTHING))).toContain('Nothing is deployed')
    expect(draw(NOTHING_SEEN)).toContain('Asking the engine')
  })

  it('lets no escape sequence of an event through', () => {
    expect(draw(withEvents(full, [event(9, 'bad\u001b[2Jname')]))).not.toContain('\u001b[2J')
  })
})
