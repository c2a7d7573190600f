import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rung } from '../../../domain/probe/path.ts'
import { makeMtuResult } from './mtu-result.ts'
import { type Attempt, searchMtu, sizesBetween } from './search-mtu.ts'

type Path = {
  readonly mtu: number
  readonly interfaceMtu?: number
  /** A router says what is too big. */
  readonly isTold?: boolean
  /** Whether a packet is lost by chance. */
  readonly isLost?: () => boolean
}

const LADDER = [1200, 1500, 1800, 9000]

/** A path that passes what is not larger than its MTU. */
const travel = ({
  mtu,
  interfaceMtu = 9216,
  isTold = false,
  isLost = () => false,
}: Path): Attempt & { rounds: number } => {
  const attempt = async (sizes: readonly number[], copies: number): Promise<Rung[]> => {
    attempt.rounds += 1
    return sizes.map((bytes) => {
      const answered = Array.from({ length: copies }, () => bytes <= mtu && !isLost()).filter(Boolean).length
      const saidBy = bytes > interfaceMtu ? 'this-host' : bytes > mtu && isTold ? 'path' : null
      const outcome = answered > 0 ? 'passed' : saidBy === null ? 'lost' : 'too-big'
      return { bytes, outcome, saidBy: answered > 0 ? null : saidBy, sent: copies, answered }
    })
  }
  attempt.rounds = 0
  return attempt
}

const search = (
  attempt: Attempt,
  parts: { rungs?: readonly number[]; named?: readonly number[]; copies?: number } = {},
) => {
  const { rungs = LADDER, named = [], copies = 3 } = parts
  const told: Rung[] = []
  return searchMtu({
    rungs,
    passes: 64,
    attempt,
    named: () => named,
    copies,
    onRung: (rung) => void told.push(rung),
  }).then((searched) => ({ ...searched, told }))
}

describe('the search for the path MTU', () => {
  it('is exact to the byte, and proves it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 64, max: 8999 }), fc.boolean(), async (mtu, isTold) => {
        const { mtuBytes, failed, rungs } = await search(travel({ mtu, isTold }))
        expect(mtuBytes).toBe(mtu)
        expect(failed).toMatchObject({ bytes: mtu + 1, answered: 0 })
        expect(failed?.sent).toBeGreaterThanOrEqual(8)
        const shown = rungs.map(({ bytes }) => bytes)
        expect(shown).toEqual(shown.toSorted((a, b) => a - b))
        expect(shown).toEqual(expect.arrayContaining([...LADDER, mtu + 1]))
      }),
    )
  })

  it('needs few rounds, and fewer where somebody names the size', async () => {
    const [blind, hinted] = [travel({ mtu: 8921 }), travel({ mtu: 8921 })]
    await search(blind)
    await search(hinted, { named: [8921] })
    expect(blind.rounds).toBeLessThanOrEqual(6)
    expect(hinted.rounds).toBeLessThan(blind.rounds)
  })

  it('ends at once where the largest size passes', async () => {
    const attempt = travel({ mtu: 9000 })
    expect(await search(attempt)).toMatchObject({ mtuBytes: 9000, failed: null })
    expect(attempt.rounds).toBe(1)
  })

  it('is not fooled by packets lost by chance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1200, max: 8999 }), fc.infiniteStream(fc.nat(99)), async (mtu, dice) => {
        const isLost = (): boolean => (dice.next().value as number) < 20
        expect((await search(travel({ mtu, isLost }), { copies: 6 })).mtuBytes).toBe(mtu)
      }),
      { numRuns: 30 },
    )
  })

  it('takes back a size that had no luck', async () => {
    let copies = 0
    const isLost = (): boolean => {
      copies += 1
      // All of the second and third rung, of the ladder only.
      return copies > 3 && copies <= 9
    }
    const { mtuBytes, rungs } = await search(travel({ mtu: 1700, isLost }))
    expect(mtuBytes).toBe(1700)
    expect(rungs.find(({ bytes }) => bytes === 1500)?.outcome).toBe('passed')
  })

  it('tells each rung of the ladder first, then the two that prove the result', async () => {
    const { told } = await search(travel({ mtu: 1420 }))
    expect(told.map(({ bytes }) => bytes)).toEqual([...LADDER, 1420, 1421])
  })

  it('tries no size twice in a round, and none outside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 9000 }), fc.integer({ min: 2, max: 9000 }), (low, gap) => {
        const sizes = sizesBetween(low, low + gap, [low, low + 1, low + gap - 1, 20_000])
        expect(sizes.length).toBeGreaterThan(0)
        expect(new Set(sizes).size).toBe(sizes.length)
        for (const size of sizes) expect(size > low && size < low + gap).toBe(true)
      }),
    )
  })
})

describe('the result', () => {
  const resultOf = async (path: Path, told: number[] = []) =>
    makeMtuResult(await search(travel(path)), { by: 'udp', port: 7011, told })

  it('tells a black hole from what the path says', async () => {
    expect(await resultOf({ mtu: 1400 })).toMatchObject({ limitedBy: 'path', blackHole: true, saidBytes: null })
    expect(await resultOf({ mtu: 1400, isTold: true }, [1400])).toMatchObject({
      limitedBy: 'path',
      blackHole: false,
      saidBytes: 1400,
    })
  })

  it('names this host’s interface, or the end of the ladder', async () => {
    expect(await resultOf({ mtu: 1500, interfaceMtu: 1500 })).toMatchObject({
      limitedBy: 'interface',
      blackHole: false,
    })
    expect(await resultOf({ mtu: 9000 })).toMatchObject({ limitedBy: 'ladder', blackHole: false })
  })

  it('leaves 60 bytes to the tunnel, and says how it was found', async () => {
    const { mtuBytes, innerMtuBytes } = await resultOf({ mtu: 1500 })
    expect(mtuBytes.value - innerMtuBytes.value).toBe(60)
    expect(mtuBytes.from.how).toContain('1501 is lost')
    expect(innerMtuBytes.from.how).toContain('less 60 bytes')
  })
})
