import { describe, expect, it } from 'vitest'
import { allHeard, fullestQueue, inPieces } from './netlink-queues.ts'

const shown = (
  rmem: number,
): string => `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
0000000000000000 0   1234       00000111 ${rmem}     0        0     2        0        123
0000000000000000 16  99         00000000 900000   0        0     2        0        124
`

describe('changes that every wireguard-go hears of', () => {
  it('come in pieces, in their order, and others beside them', () => {
    const lines = Array.from({ length: 30 }, (_, at) => [
      `link set mole${at} up`,
      `route replace 10.0.${at}.0/24`,
    ]).flat()
    const pieces = inPieces(lines)
    expect(pieces.flat()).toEqual(lines)
    expect(pieces.map((piece) => piece.filter((line) => line.startsWith('link')).length)).toEqual([24, 6])
    expect(inPieces(['rule add'])).toEqual([['rule add']])
  })

  it('are told by the fullest queue of the routing family', () => {
    expect(fullestQueue(shown(0))).toBe(0)
    expect(fullestQueue(shown(70_000))).toBe(70_000)
    expect(fullestQueue('')).toBe(0)
  })

  it('are waited for until they are heard', async () => {
    const queues = [200_000, 100_000, 40_000, 1000]
    await allHeard({ read: () => shown(queues.shift() ?? 0) })
    expect(queues).toEqual([])
  })

  it('are not waited for where nobody reads any more', async () => {
    let looks = 0
    await allHeard({
      read: () => {
        looks += 1
        return shown(200_000)
      },
    })
    expect(looks).toBeLessThan(100)
  })
})
