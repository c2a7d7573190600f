import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeFakeHost } from '../testing/fake-tunable-host.ts'
import { parseCoreList, parseCoreMask, renderCoreList, renderCoreMask } from './core-list.ts'
import { parseChannels, parseFeatures, parseRings } from './ethtool.ts'
import { findServing, servedInterface, startTimeOf, ticksOf } from './processes.ts'

const someCores = fc.uniqueArray(fc.integer({ min: 0, max: 300 })).map((cores) => cores.toSorted((a, b) => a - b))

describe('sets of cores', () => {
  it('are read and written as the kernel writes them', () => {
    expect(renderCoreList([0, 1, 2, 3, 8])).toBe('0-3,8')
    expect(parseCoreList('0-3,8\n')).toEqual([0, 1, 2, 3, 8])
    expect(parseCoreMask('00000001,0000000f\n')).toEqual([0, 1, 2, 3, 32])
    expect(renderCoreMask([0, 1, 2, 3, 32])).toBe('1,0000000f')
    expect([renderCoreMask([]), parseCoreMask('0'), renderCoreList([]), parseCoreList('\n')]).toEqual(['0', [], '', []])
  })

  it('come back as they were (property)', () => {
    fc.assert(
      fc.property(someCores, (cores) => {
        expect(parseCoreList(renderCoreList(cores))).toEqual(cores)
        expect(parseCoreMask(renderCoreMask(cores))).toEqual(cores)
      }),
    )
  })
})

/** As ethtool 6.1 prints them. */
const CHANNELS = `Channel parameters for ens5:
Pre-set maximums:
RX:\t\tn/a
TX:\t\tn/a
Other:\t\tn/a
Combined:\t8
Current hardware settings:
RX:\t\tn/a
TX:\t\tn/a
Other:\t\tn/a
Combined:\t4
`
const RINGS = `Ring parameters for ens5:
Pre-set maximums:
RX:\t\t16384
RX Mini:\tn/a
RX Jumbo:\tn/a
TX:\t\t1024
Current hardware settings:
RX:\t\t1024
RX Mini:\tn/a
RX Jumbo:\tn/a
TX:\t\t1024
RX Buf Len:\t\tn/a
`
const FEATURES = `Features for ens5:
rx-checksumming: on
tcp-segmentation-offload: off
\ttx-tcp-segmentation: off [fixed]
generic-segmentation-offload: on
generic-receive-offload: off [requested on]
rx-gro-list: off
rx-udp-gro-forwarding: off [fixed]
`

describe('what ethtool says', () => {
  it('of queues and rings', () => {
    expect(parseChannels(CHANNELS)).toEqual({ max: 8, now: 4 })
    expect(parseRings(RINGS)).toEqual({ rx: { max: 16_384, now: 1024 }, tx: { max: 1024, now: 1024 } })
  })

  it('of features, by their own names alone', () => {
    expect(parseFeatures(FEATURES)).toEqual({
      'tcp-segmentation-offload': { isOn: false, isFixed: false },
      'generic-segmentation-offload': { isOn: true, isFixed: false },
      'generic-receive-offload': { isOn: false, isFixed: false },
      'rx-gro-list': { isOn: false, isFixed: false },
      'rx-udp-gro-forwarding': { isOn: false, isFixed: true },
    })
  })

  it.each(['', 'netlink error: Operation not supported', CHANNELS.replaceAll(/[48]$/gm, 'n/a')])(
    'or not: %j',
    (text) => {
      expect([parseChannels(text), parseRings(text)]).toEqual([null, null])
    },
  )
})

describe('processes', () => {
  const stat = '70 (wire guard) go) S 1 0 0 0 -1 4194560 1255 0 0 0 31 12 0 0 20 0 10 0 3701296 1938989056 1536'

  it('are told by number and time of birth, whatever they are called', () => {
    expect(startTimeOf(stat)).toBe('3701296')
    expect(ticksOf(stat)).toBe(43)
  })

  it.each([
    ['wireguard-go\0mole1\0', 'mole1'],
    ['/usr/bin/wireguard-go\0mole12\0', 'mole12'],
    ['wireguard-go\0wg0\0', null],
    ['wireguard-go\0mole1\0--foreground\0', null],
    ['sh\0-c\0wireguard-go mole1\0', null],
    ['', null],
  ])('%j serves %s', (cmdline, name) => {
    expect(servedInterface(cmdline)).toBe(name)
  })

  it('of others, and of bastions with interfaces of the same name, do not count', () => {
    const host = makeFakeHost()
    host.serve('mole1', 'userspace')
    const { system } = host
    expect(findServing(system).get('mole1')).toMatchObject({ pid: 100 })
    const elsewhere = { ...system, link: (path: string) => (path.includes('self') ? 'net:[1]' : 'net:[2]') }
    expect(findServing(elsewhere).size).toBe(0)
    host.meddle('/proc/100/status', 'Uid:\t1000\t1000\t1000\t1000\n')
    expect(findServing(system).size).toBe(0)
  })
})
