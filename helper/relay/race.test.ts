import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { race } from './race.ts'
import { makeTurns, waysOf } from './turns.ts'

const { ECONNREFUSED, ENETUNREACH } = constants.errno

/** Candidates by what becomes of them: an errno after so many looks, or never anything. */
const scripted = () => {
  const begun: string[] = []
  const closed: string[] = []
  const begin = (candidate: string) => {
    begun.push(candidate)
    let looks = 0
    return {
      fd: begun.length,
      state: () => {
        looks += 1
        if (candidate.startsWith('dead')) return null
        if (candidate === 'refused') return ECONNREFUSED
        if (candidate === 'unroutable') return ENETUNREACH
        return looks < 3 ? null : 0
      },
      close: () => void closed.push(candidate),
    }
  }
  return { begin, begun, closed }
}

const PACE = { staggerMs: 10, limitMs: 120 }

describe('race', () => {
  it('takes the first that answers, and tries no other meanwhile', async () => {
    const { begin, begun, closed } = scripted()
    expect(await race(['good', 'other'], begin, { ...PACE, staggerMs: 5000 })).toEqual({
      kind: 'connected',
      candidate: 'good',
      fd: 1,
      slow: [],
    })
    expect(begun).toEqual(['good'])
    expect(closed).toEqual([])
  })

  it('tries the next beside one that does not answer, and names and closes the slow one', async () => {
    const { begin, closed } = scripted()
    expect(await race(['dead', 'good'], begin, PACE)).toEqual({
      kind: 'connected',
      candidate: 'good',
      fd: 2,
      slow: ['dead'],
    })
    expect(closed).toEqual(['dead'])
  })

  it('tries the next at once after one that cannot be', async () => {
    const { begin } = scripted()
    expect(await race(['unroutable', 'good'], begin, { ...PACE, staggerMs: 5000 })).toMatchObject({
      kind: 'connected',
      fd: 2,
    })
  })

  it('takes a refusal for an answer', async () => {
    const { begin, begun } = scripted()
    expect(await race(['refused', 'good'], begin, PACE)).toEqual({ kind: 'refused' })
    expect(begun).toEqual(['refused'])
  })

  it('gives up when all are dead, and leaves nothing open', async () => {
    const { begin, closed } = scripted()
    expect(await race(['dead 1', 'dead 2'], begin, PACE)).toEqual({ kind: 'unreachable' })
    expect(closed).toEqual(['dead 1', 'dead 2'])
    expect(await race([], begin, PACE)).toEqual({ kind: 'unreachable' })
  })
})

const CONFIG = {
  address: '10.100.255.1',
  port: 7010,
  routes: [],
  own: [],
  ends: [
    { address: '10.100.254.1', port: 7009, from: ['10.100.1.1', '10.100.2.1'] },
    { address: '10.100.254.2', port: 7009, from: ['10.100.9.1'] },
  ],
}

describe('turns', () => {
  it('takes the bastions, and their tunnels, by turns', () => {
    expect(waysOf(CONFIG).map(({ from }) => from)).toEqual(['10.100.1.1', '10.100.9.1', '10.100.2.1'])
    const turns = makeTurns()
    const firsts = Array.from({ length: 6 }, () => turns.next(CONFIG)[0]?.from)
    expect(firsts).toEqual(['10.100.1.1', '10.100.9.1', '10.100.2.1', '10.100.1.1', '10.100.9.1', '10.100.2.1'])
    expect(turns.next(CONFIG)).toHaveLength(3)
  })

  it('puts the slow last, for a while', () => {
    let nowMs = 0
    const turns = makeTurns(() => nowMs)
    turns.wereSlow(waysOf(CONFIG).slice(0, 1))
    for (let at = 0; at < 3; at += 1) expect(turns.next(CONFIG).at(-1)?.from).toBe('10.100.1.1')
    nowMs = 10_001
    expect(turns.next(CONFIG)[0]?.from).toBe('10.100.1.1')
  })
})
