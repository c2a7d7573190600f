import { describe, expect, it } from 'vitest'
import { changesOf, type Demand, type Script, type Simulated, simulate } from './testing/simulate.ts'

const MBIT = 1e6
const MIB = 2 ** 20
const MINUTE = 60_000

const steady = (demand: Partial<Demand>) => (): Demand => ({ bitsPerSecond: 1000 * MBIT, flows: 16, ...demand })

/** Calm at first, so that it is known what an echo is like when nothing presses; then the demand. */
const calmUntil =
  (beginMs: number, demand: (atMs: number) => Demand) =>
  (atMs: number): Demand =>
    atMs < beginMs ? { bitsPerSecond: 0, flows: 0 } : demand(atMs)

const lived = (script: Partial<Script>): Simulated =>
  simulate({
    begin: 1,
    capacity: 100 * MBIT,
    lastMs: 20 * MINUTE,
    demand: calmUntil(MINUTE, steady({})),
    ...script,
  })

const holdOf = ({ decisions }: Simulated, cause: string): string | undefined =>
  decisions.find((each) => each.action === 'hold' && each.cause === cause)?.reason

describe('a step up', () => {
  it('comes at the next look above 80 %, and then no sooner than 2 minutes after the last', () => {
    expect(changesOf(lived({ lastMs: 6 * MINUTE }))).toEqual(['00:01:30 up 1→2', '00:03:30 up 2→4', '00:05:30 up 4→8'])
  })

  it('goes by thresholds, interval and cooldown of the settings', () => {
    const demand = calmUntil(MINUTE, (atMs) => ({ bitsPerSecond: (atMs < 2 * MINUTE ? 150 : 95) * MBIT, flows: 16 }))
    const cautious = lived({
      settings: { upThreshold: 0.97, intervalMs: 10_000 },
      demand,
      most: 2,
      lastMs: 10 * MINUTE,
    })
    expect(changesOf(cautious)).toEqual(['00:01:10 up 1→2'])
    const slow = lived({ settings: { upCooldownMs: 5 * MINUTE, intervalMs: 7000 }, lastMs: 12 * MINUTE })
    expect(changesOf(slow)).toEqual(['00:01:03 up 1→2', '00:06:04 up 2→4', '00:11:05 up 4→8'])
  })

  it('goes as far as the load needs, and at most to about twice as many at once', () => {
    expect(changesOf(lived({ begin: 4, lastMs: 2 * MINUTE }))).toEqual(['00:01:30 up 4→8'])
    expect(changesOf(lived({ begin: 4, most: 6, lastMs: 2 * MINUTE }))).toEqual(['00:01:30 up 4→6'])
    // Full once; then 84 % of 4 tunnels is 55 % of 6.1.
    const demand = calmUntil(MINUTE, (atMs) => ({ bitsPerSecond: (atMs < 70_000 ? 500 : 335) * MBIT, flows: 16 }))
    const settings = { intervalMs: MINUTE }
    expect(changesOf(lived({ begin: 4, demand, settings, lastMs: 4 * MINUTE }))).toEqual(['00:02:00 up 4→7'])
  })

  it('fills the bastion first, and then brings another with all its tunnels', () => {
    const wide = lived({ begin: 6, most: 64, demand: calmUntil(MINUTE, steady({ bitsPerSecond: 1e10, flows: 128 })) })
    expect(changesOf(wide).slice(0, 3)).toEqual(['00:01:30 up 6→8', '00:03:30 up 8→16', '00:05:30 up 16→24'])
    const narrow = lived({ begin: 8, most: 12, demand: calmUntil(MINUTE, steady({ bitsPerSecond: 1e10, flows: 128 })) })
    expect(changesOf(narrow)).toEqual(['00:01:30 up 8→12'])
  })

  it('that raises nothing is taken back, said so, and not tried again while nothing changes', () => {
    const shared = lived({ begin: 2, shared: 150 * MBIT, lastMs: 60 * MINUTE })
    expect(changesOf(shared)).toEqual(['00:01:30 up 2→4', '00:03:30 revert 4→2'])
    expect(shared.outcomes).toEqual(['Goodput did not rise: 150 Mbit/s before, 150 Mbit/s after. Taken back.'])
    expect(holdOf(shared, 'blocked')).toMatch(/the last step up gave nothing, and nothing has changed since/)
  })

  it('is tried again when more is wanted than then', () => {
    const more = (atMs: number): Demand => ({ bitsPerSecond: 1000 * MBIT, flows: atMs < 30 * MINUTE ? 16 : 24 })
    const tried = lived({ begin: 2, shared: 150 * MBIT, demand: calmUntil(MINUTE, more), lastMs: 40 * MINUTE })
    expect(changesOf(tried).slice(2)).toEqual(['00:30:00 up 2→4', '00:32:00 revert 4→2'])
  })

  it('is tried again when the load had gone and has come back', () => {
    const again = (atMs: number): Demand =>
      atMs < 10 * MINUTE || atMs > 15 * MINUTE ? steady({})() : { bitsPerSecond: 0, flows: 0 }
    const tried = lived({ begin: 2, shared: 150 * MBIT, demand: calmUntil(MINUTE, again), fewest: 2 })
    expect(changesOf(tried).slice(2)).toEqual(['00:15:30 up 2→4', '00:17:30 revert 4→2'])
  })

  it('is tried again after an hour, and then after twice as long each time', () => {
    const patient = lived({ begin: 2, shared: 150 * MBIT, lastMs: 240 * MINUTE })
    expect(changesOf(patient)).toEqual([
      '00:01:30 up 2→4',
      '00:03:30 revert 4→2',
      '01:03:30 up 2→4',
      '01:05:30 revert 4→2',
      '03:05:30 up 2→4',
      '03:07:30 revert 4→2',
    ])
  })

  it('is not judged where the load went away meanwhile', () => {
    const demand = calmUntil(MINUTE, (atMs) => ({
      bitsPerSecond: (atMs < 100_000 ? 1000 : 10) * MBIT,
      flows: 16,
      heldBack: atMs >= 100_000,
    }))
    const gone = lived({ demand, lastMs: 5 * MINUTE })
    expect(changesOf(gone)).toEqual(['00:01:30 up 1→2'])
    expect(gone.outcomes[0]).toMatch(
      /^It made room, and nothing more is wanted for now: 100 Mbit.s before, 10\.0 Mbit.s after\.$/,
    )
  })

  it('that only makes room is kept', () => {
    const demand = calmUntil(MINUTE, (atMs) => ({ bitsPerSecond: (atMs < 70_000 ? 300 : 85) * MBIT, flows: 16 }))
    const roomy = lived({ demand, settings: { intervalMs: 60_000 }, lastMs: 8 * MINUTE })
    expect(changesOf(roomy)).toEqual(['00:02:00 up 1→2'])
    expect(roomy.outcomes[0]).toMatch(/^It made room/)
  })
})

describe('an elephant flow', () => {
  const growing = (flows: number, more: Partial<Demand> = {}) =>
    calmUntil(MINUTE, (atMs) => ({
      bitsPerSecond: 300 * MBIT,
      // A disk at the far end takes no more.
      beyond: 60 * MBIT,
      flows,
      flowBytes: ((atMs - MINUTE) / 1000) * 10 * MIB,
      ...more,
    }))

  it('is looked at as soon as it has moved 100 MiB, and not at the next interval', () => {
    const { decisions } = lived({ demand: growing(3), lastMs: 2 * MINUTE })
    expect(decisions.find(({ action }) => action === 'up')).toMatchObject({ atMs: 70_000, from: 1, to: 2 })
  })

  it('waits for the up cooldown all the same', () => {
    const others = (atMs: number) => (atMs === 65_000 ? 2 : null)
    const waiting = lived({ demand: growing(3), others, lastMs: 4 * MINUTE })
    expect(changesOf(waiting)).toEqual(['00:03:30 up 2→3'])
    expect(waiting.decisions.find(({ atMs }) => atMs === 70_000)?.reason).toMatch(
      /; but the number of tunnels changed less than 2\.0 min ago, so nothing is added for another 115 s\.$/,
    )
  })

  it('alone justifies nothing, for it rides one tunnel', () => {
    const alone = lived({ demand: growing(1, { beyond: 1e10 }), lastMs: 5 * MINUTE })
    expect(changesOf(alone)).toEqual([])
    expect(holdOf(alone, 'no-use')).toMatch(
      /^(Utilisation is 100 % .*|The tunnel is full .*); but each flow rides one tunnel, so 1 flow could not use more than 1 tunnel\.$/,
    )
  })

  it('alone justifies more where Multipath TCP or the relay spreads it', () => {
    const spread = lived({ demand: growing(1, { beyond: 1e10, spreads: true }), lastMs: 3 * MINUTE })
    expect(changesOf(spread)[0]).toBe('00:01:10 up 1→2')
  })

  it('that is held back by its own ends justifies nothing', () => {
    expect(changesOf(lived({ demand: growing(3, { heldBack: true }), lastMs: 5 * MINUTE }))).toEqual([])
  })

  it('is of the size that the settings say', () => {
    const settings = { elephantBytes: 20 * MIB }
    expect(changesOf(lived({ demand: growing(3), settings, lastMs: 75_000 }))).toEqual(['00:01:02 up 1→2'])
  })
})

describe('a step down', () => {
  const rush = (thenBits: number, flows = 16) =>
    calmUntil(MINUTE, (atMs) => ({
      bitsPerSecond: atMs < 3 * MINUTE ? 1e10 : thenBits,
      flows,
      heldBack: atMs >= 3 * MINUTE,
    }))

  it('comes after 10 minutes below 30 %, to what the most carried meanwhile needs', () => {
    const { decisions } = lived({ begin: 8, demand: rush(100 * MBIT), lastMs: 15 * MINUTE })
    expect(decisions.filter(({ action }) => action !== 'hold')).toMatchObject([
      { action: 'down', from: 8, to: 2, atMs: 13.5 * MINUTE },
    ])
  })

  it('goes by its own threshold and cooldown', () => {
    const at25 = { begin: 4, demand: rush(100 * MBIT), most: 4 }
    expect(changesOf(lived({ ...at25, settings: { downThreshold: 0.2 } }))).toEqual([])
    expect(changesOf(lived({ ...at25, settings: { downCooldownMs: 2 * MINUTE } }))).toEqual(['00:05:30 down 4→2'])
  })

  it('does not come while utilisation is low only now and then', () => {
    const pulsing = calmUntil(MINUTE, (atMs) => ({
      bitsPerSecond: (atMs < 3 * MINUTE || atMs % (9 * MINUTE) < MINUTE ? 500 : 20) * MBIT,
      flows: 16,
    }))
    expect(changesOf(lived({ begin: 4, most: 4, demand: pulsing, lastMs: 120 * MINUTE }))).toEqual([])
  })

  it('does not come while tunnels that do not answer may be why little is carried', () => {
    const demand = calmUntil(MINUTE, (atMs) => ({
      bitsPerSecond: atMs < 3 * MINUTE ? 1e10 : 20 * MBIT,
      flows: 16,
      heldBack: false,
    }))
    const silent = (atMs: number) => (atMs > 3 * MINUTE ? [2] : [])
    const doubtful = lived({ begin: 4, most: 4, demand, silent, lastMs: 30 * MINUTE })
    expect(changesOf(doubtful)).toEqual([])
    expect(holdOf(doubtful, 'doubtful')).toBe('Tunnel 2 loses echoes, which may be why only 20.0 Mbit/s are carried.')
  })

  it('knows that utilisation is low also before a tunnel was ever full', () => {
    const demand = (atMs: number): Demand => ({ bitsPerSecond: (atMs < 5 * MINUTE ? 200 : 10) * MBIT, flows: 16 })
    const never = lived({ begin: 4, demand })
    expect(changesOf(never)).toEqual(['00:15:30 down 4→1'])
    expect(never.decisions.find(({ action }) => action === 'down')?.reason).toMatch(
      /^No tunnel was ever full; utilisation is at most 5 % \(10\.0 Mbit\/s of 4 × 50\.0 Mbit\/s\)/,
    )
  })
})

describe('what was never measured', () => {
  it('is not assumed: without load nothing is done', () => {
    const idle = lived({ begin: 4, demand: () => ({ bitsPerSecond: 0, flows: 0 }), lastMs: 60 * MINUTE })
    expect(changesOf(idle)).toEqual([])
    expect(idle.decisions[0]?.reason).toMatch(/^Utilisation is not known/)
  })

  it('is not made up of a load that its own ends hold back', () => {
    const held = lived({ demand: calmUntil(MINUTE, steady({ bitsPerSecond: 90 * MBIT })) })
    expect(changesOf(held)).toEqual([])
  })
})

describe('switched off', () => {
  it('decides nothing', () => {
    expect(lived({ settings: { enabled: false } }).decisions).toEqual([])
  })
})
