import { describe, expect, it } from 'vitest'
import type { InterfaceSample } from '../../contract/helper.ts'
import { addCarried, type Counted, tunnelSamples } from './tunnel-samples.ts'

const lane = (name: string, change: Partial<InterfaceSample> = {}): InterfaceSample => ({
  name,
  rxBytes: 0,
  txBytes: 0,
  rxPackets: 0,
  txPackets: 0,
  handshakeAgeSeconds: 7,
  rttMs: 12.34567,
  lossRatio: 0.123456,
  verdict: 'up',
  carries: true,
  ...change,
})
const counted = (...lanes: InterfaceSample[]): Counted => new Map(lanes.map((each) => [each.name, each]))
/** Payload of so many packets of 1420 bytes. */
const sent = (packets: number): Partial<InterfaceSample> => ({ txPackets: packets, txBytes: packets * 1420 })
const PAYLOAD = 1420 - 52

describe('tunnelSamples', () => {
  it('says nothing of a rate from one reading alone', () => {
    const [sample] = tunnelSamples(null, counted(lane('mole3', { rxBytes: 1420, rxPackets: 1 })), 0, 'userspace')
    expect(sample).toEqual({
      slot: 3,
      upBitsPerSecond: 0,
      downBitsPerSecond: 0,
      rttMs: 12.346,
      lossRatio: 0.1235,
      handshakeAgeSeconds: 7,
      upBytes: 0,
      downBytes: PAYLOAD,
    })
  })

  it('passes over interfaces that are not ours, and is in the order of the slots', () => {
    const all = counted(lane('mole10'), lane('eth0'), lane('mole102'))
    expect(tunnelSamples(null, all, 0, 'userspace').map(({ slot }) => slot)).toEqual([2, 10])
  })

  it('has both lanes of a tunnel together, and of the one that carries what only one can tell', () => {
    const before = counted(lane('mole1', sent(10)))
    const now = counted(
      lane('mole1', { ...sent(15), carries: false, rttMs: 99 }),
      lane('mole101', { ...sent(3), rttMs: 5, handshakeAgeSeconds: 1 }),
    )
    expect(tunnelSamples(before, now, 1, 'userspace')).toMatchObject([
      { slot: 1, upBitsPerSecond: 8 * PAYLOAD * 8, upBytes: 18 * PAYLOAD, rttMs: 5, handshakeAgeSeconds: 1 },
    ])
  })
})

describe('addCarried', () => {
  it('keeps what a lane had carried that is gone, as long as its tunnel is there', () => {
    const both = counted(lane('mole1', sent(15)), lane('mole101', sent(3)))
    const one = counted(lane('mole101', sent(4)))
    const carried = addCarried(addCarried(new Map(), null, both, 'userspace'), both, one, 'userspace')
    expect(tunnelSamples(both, one, 1, 'userspace', carried)[0]).toMatchObject({ upBytes: 19 * PAYLOAD })
    const back = addCarried(carried, one, counted(lane('mole1'), lane('mole101', sent(4))), 'userspace')
    expect(back.get(1)?.upBytes).toBe(15 * PAYLOAD)
    expect([...addCarried(carried, one, counted(lane('mole2')), 'userspace')]).toEqual([
      [2, { upBytes: 0, downBytes: 0 }],
    ])
  })
})
