import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Probe } from '../../domain/carriage.ts'
import { makePathHealth, type PathHealth, type Verdict } from './path-health.ts'

const DEFAULT: Probe = { intervalMs: 100, misses: 3 }

/** What becomes of an echo sent at a time: its round trip, or `null` when it is lost. */
type Network = (atMs: number) => number | null
/** How late the timer is that should fire at a time. */
type Lateness = (atMs: number) => number

type Simulation = {
  readonly path: PathHealth
  /** Goes on until then; tells of each change of the verdict. */
  readonly runUntil: (untilMs: number) => void
  readonly changes: { readonly atMs: number; readonly verdict: Verdict }[]
  readonly nowMs: () => number
  network: Network
  lateness: Lateness
}

/** A path on a simulated clock: a stalled process reads what arrived meanwhile before it judges, as after a poll. */
const simulate = (network: Network, probe: Probe = DEFAULT, begin: 'unknown' | 'dead' = 'unknown'): Simulation => {
  const path = makePathHealth({ probe: () => probe, begin })
  let arrivals: { readonly atMs: number; readonly sequence: number }[] = []
  let nowMs = 0
  let wakeMs = 0
  const simulation: Simulation = {
    path,
    changes: [],
    network,
    lateness: () => 0,
    nowMs: () => nowMs,
    runUntil: (untilMs) => {
      while (wakeMs <= untilMs) {
        nowMs = wakeMs
        for (const { sequence } of arrivals.filter(({ atMs }) => atMs <= nowMs)) path.answered(sequence, nowMs)
        arrivals = arrivals.filter(({ atMs }) => atMs > nowMs)
        note()
        const { send, waitMs } = path.attend(nowMs)
        const rttMs = send === null ? null : simulation.network(nowMs)
        if (send !== null && rttMs !== null) arrivals.push({ atMs: nowMs + rttMs, sequence: send })
        note()
        const dueMs = nowMs + waitMs
        const lateMs = simulation.lateness(dueMs)
        // While it waits arrivals are heard as they come; one that is held up hears them when it is back.
        if (lateMs === 0) hearUntil(dueMs)
        wakeMs = dueMs + lateMs
      }
    },
  }
  const note = (): void => {
    const verdict = path.verdict()
    if (simulation.changes.at(-1)?.verdict !== verdict) simulation.changes.push({ atMs: nowMs, verdict })
  }
  const hearUntil = (untilMs: number): void => {
    const here = arrivals.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)
    arrivals = arrivals.filter(({ atMs }) => atMs > untilMs)
    for (const { atMs, sequence } of here) {
      nowMs = atMs
      path.answered(sequence, atMs)
      note()
    }
  }
  return simulation
}

/** Repeatable chance (mulberry32). */
const randomOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const HOUR_MS = 3_600_000
const deaths = ({ changes }: Simulation): number => changes.filter(({ verdict }) => verdict === 'dead').length

describe('the health of a path', () => {
  it('is unknown, then up, and stays so', () => {
    const run = simulate(() => 20)
    run.runUntil(60_000)
    expect(run.changes.map(({ verdict }) => verdict)).toEqual(['unknown', 'up'])
  })

  it('is dead when it never answers, after WireGuard had its time', () => {
    const run = simulate(() => null)
    run.runUntil(10_000)
    expect(run.changes.map(({ verdict }) => verdict)).toEqual(['unknown', 'dead'])
    expect(run.changes[1]?.atMs).toBeGreaterThan(1500)
    expect(run.changes[1]?.atMs).toBeLessThan(2500)
  })

  it('is dead within its misses, and a little, of the first unanswered echo (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 1000 }),
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 1000 }),
        (intervalMs, misses, rttMs, phaseMs) => {
          fc.pre(intervalMs * misses >= 2 * rttMs)
          const diesMs = 20_000 + phaseMs
          let firstMs = Number.POSITIVE_INFINITY
          const run = simulate(
            (atMs) => {
              if (atMs < diesMs) return rttMs
              firstMs = Math.min(firstMs, atMs)
              return null
            },
            { intervalMs, misses },
          )
          run.runUntil(60_000)
          const death = run.changes.find(({ verdict }) => verdict === 'dead')
          expect(death?.atMs).toBeGreaterThanOrEqual(firstMs + intervalMs * misses)
          expect(death?.atMs).toBeLessThanOrEqual(firstMs + intervalMs * misses + 100 + 2 * rttMs)
        },
      ),
    )
  })

  it.each([
    [0.3, 3],
    [0.5, 3],
    [0.75, 0.5],
  ])('is never dead for a chance loss of %d over %d hours', (ratio, hours) => {
    const random = randomOf(ratio * 1000)
    const run = simulate(() => (random() < ratio ? null : 5 + random() * 5))
    // The loss comes on slowly where it is more than anybody has to reckon with at once.
    run.network = (atMs) => (random() < Math.min(ratio, 0.5 + atMs / 20_000) ? null : 5 + random() * 5)
    run.runUntil(hours * HOUR_MS)
    expect(deaths(run)).toBe(0)
    expect(run.path.verdict()).toBe('degraded')
  })

  it('is up at any round trip up to 400 ms, with jitter (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 80 }),
        fc.integer(),
        (rttMs, jitterMs, seed) => {
          const random = randomOf(seed)
          const run = simulate(() => rttMs + random() * jitterMs)
          run.runUntil(120_000)
          expect(run.changes.map(({ verdict }) => verdict)).toEqual(['unknown', 'up'])
        },
      ),
      { numRuns: 30 },
    )
  })

  it('takes no stall of its own for death: stops, collections, starved timers (property)', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(0, 0.3),
        fc.constantFrom([0.001, 60_000], [0.02, 900], [0.2, 150], [0.9, 60]),
        (seed, ratio, [share = 0, lateMs = 0]) => {
          const random = randomOf(seed)
          const run = simulate(() => (random() < ratio ? null : 10))
          run.lateness = () => (random() < share ? random() * lateMs : 0)
          run.runUntil(600_000)
          expect(deaths(run)).toBe(0)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is not dead when the machine is suspended while the network goes, and finds it again when it wakes', () => {
    const run = simulate((atMs) => (atMs >= 10_000 && atMs < 10_270 ? null : 10))
    run.lateness = (atMs) => (atMs >= 10_250 && atMs < 10_270 ? 60_000 : 0)
    run.runUntil(90_000)
    expect(run.changes.map(({ verdict }) => verdict)).toEqual(['unknown', 'up'])
  })

  it('is not dead when the network was gone for a moment', () => {
    const run = simulate((atMs) => (atMs >= 10_000 && atMs < 10_150 ? null : 10))
    run.runUntil(20_000)
    expect(run.changes.map(({ verdict }) => verdict)).toEqual(['unknown', 'up'])
  })

  it('sees a death also where its timers are starved', () => {
    const run = simulate((atMs) => (atMs < 10_000 ? 10 : null))
    run.lateness = () => 40
    run.runUntil(20_000)
    expect(deaths(run)).toBe(1)
    expect(run.changes.at(-1)?.atMs).toBeLessThan(13_000)
  })

  it('is degraded from a tenth of loss on, and whole again when it is all but gone', () => {
    const random = randomOf(7)
    const run = simulate(() => 10)
    run.runUntil(10_000)
    run.network = () => (random() < 0.25 ? null : 10)
    run.runUntil(30_000)
    expect(run.path.verdict()).toBe('degraded')
    run.network = () => 10
    run.runUntil(60_000)
    expect(run.path.verdict()).toBe('up')
    expect(deaths(run)).toBe(0)
  })

  it('is not degraded by one echo in fifty', () => {
    let count = 0
    const run = simulate(() => {
      count += 1
      return count % 50 === 0 ? null : 10
    })
    run.runUntil(HOUR_MS / 10)
    expect(run.changes.map(({ verdict }) => verdict)).toEqual(['unknown', 'up'])
  })
})

describe('the return of a path', () => {
  it('takes five good echoes in a row, and the hold-down, which grows with each death', () => {
    const run = simulate(() => 10)
    let atMs = 10_000
    const heldMs: number[] = []
    for (let death = 0; death < 4; death += 1) {
      run.runUntil(atMs)
      run.network = () => null
      run.runUntil(atMs + 1000)
      expect(run.path.verdict()).toBe('dead')
      const diedMs = run.changes.at(-1)?.atMs ?? 0
      run.network = () => 10
      run.runUntil(atMs + 1300)
      expect(run.path.isFit()).toBe(false)
      run.runUntil(atMs + 1700)
      expect(run.path.isFit()).toBe(true)
      let overMs = 0
      while (!run.path.isHoldOver(diedMs + overMs)) overMs += 100
      heldMs.push(overMs)
      run.path.readmit()
      expect(run.path.verdict()).toBe('up')
      atMs += 20_000
    }
    expect(heldMs).toEqual([1000, 2000, 4000, 8000])
  })

  it('forgets deaths long past, and never holds longer than a minute', () => {
    const run = simulate((atMs) => (atMs % 2000 < 1000 ? 10 : null))
    for (let atMs = 0; atMs < 60_000; atMs += 100) {
      run.runUntil(atMs)
      if (run.path.isFit()) run.path.readmit()
    }
    const diedMs = run.changes.findLast(({ verdict }) => verdict === 'dead')?.atMs ?? 0
    expect(run.path.isHoldOver(diedMs + 59_000)).toBe(false)
    expect(run.path.isHoldOver(diedMs + 60_000)).toBe(true)
  })

  it('begins anew when the echoes stop again', () => {
    const run = simulate(() => null, DEFAULT, 'dead')
    run.network = (atMs) => (atMs > 1000 && atMs < 2000 ? 10 : null)
    run.runUntil(1900)
    expect(run.path.isFit()).toBe(true)
    run.runUntil(2600)
    expect(run.path.isFit()).toBe(false)
    expect(run.path.isAnswering(run.nowMs())).toBe(false)
  })

  it('is held up by none where a former life left it', () => {
    const run = simulate(() => 10, DEFAULT, 'dead')
    run.runUntil(1000)
    expect([run.path.verdict(), run.path.isFit(), run.path.isHoldOver(run.nowMs())]).toEqual(['dead', true, true])
  })
})
