import { describe, expect, it } from 'vitest'
import { carriersOf } from './carriers.ts'
import { activeNumbers, carryLines } from './carry-lines.ts'
import { bundle } from './testing/states.ts'

describe('which tunnels carry', () => {
  it('leaves out the dead, and never all', () => {
    expect(carriersOf([3, 1, 2], new Set(), null)).toEqual([1, 2, 3])
    expect(carriersOf([1, 2, 3], new Set([2]), [1, 2, 3])).toEqual([1, 3])
    expect(carriersOf([1, 2, 3], new Set([1, 2, 3]), [3])).toEqual([3])
    expect(carriersOf([1, 2], new Set([1, 2]), [7])).toEqual([1, 2])
    expect(carriersOf([], new Set([1]), [1])).toEqual([])
  })
})

describe('a stroke of failover', () => {
  const dealt = bundle(3, { spread: 'round-robin', mptcp: { strategy: 'adaptive' } })

  it('takes a tunnel out of the group, out of the marks and out of Multipath TCP', () => {
    expect(carryLines(dealt, [1, 2, 3], [1, 3])).toEqual([
      'nexthop replace id 771000 group 770001/770003 protocol 177',
      'rule delete fwmark 0x6d6f0002/0xffff00ff lookup 7202 priority 7071 protocol 177',
      'mptcp endpoint delete id 92',
    ])
  })

  it('puts it back', () => {
    expect(carryLines(dealt, [1, 3], activeNumbers(dealt))).toEqual([
      'nexthop replace id 771000 group 770001/770002/770003 protocol 177',
      'rule add fwmark 0x6d6f0002/0xffff00ff lookup 7202 priority 7071 protocol 177',
      'mptcp endpoint add 10.100.2.1 dev mole2 id 92 subflow fullmesh',
    ])
  })

  it('touches only what is in force', () => {
    expect(carryLines(bundle(2), [1, 2], [2])).toEqual(['nexthop replace id 771000 group 770002 protocol 177'])
  })

  it('never empties the route, and does nothing where nothing changes', () => {
    expect(carryLines(dealt, [1, 2], [])).toEqual([])
    expect(carryLines(dealt, [1, 2], [2, 1])).toEqual([])
  })

  it('lets another tunnel have the endpoint that is free: the kernel keeps eight', () => {
    const twelve = bundle(12, { mptcp: { strategy: 'redundant' } })
    const all = activeNumbers(twelve)
    const lines = carryLines(
      twelve,
      all,
      all.filter((number) => number !== 4),
    )
    expect(lines.slice(1)).toEqual([
      'mptcp endpoint delete id 94',
      'mptcp endpoint add 10.100.9.1 dev mole9 id 99 subflow fullmesh',
    ])
  })
})
