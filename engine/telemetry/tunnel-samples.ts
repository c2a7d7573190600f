import type { TunnelSample } from '../../contract/app.ts'
import type { InterfaceSample } from '../../contract/helper.ts'
import { slotOfInterface, slotOfLane } from '../../domain/ours.ts'
import { type CountedBy, payloadBytes, ratesBetween, rounded } from './rates.ts'

/** All interfaces as they were counted at one moment, by name. */
export type Counted = ReadonlyMap<string, InterfaceSample>

/** Payload that lanes carried which are gone since, by the slot of their tunnel. */
export type CarriedBefore = ReadonlyMap<number, { readonly upBytes: number; readonly downBytes: number }>

const NOTHING_YET = { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 }

/** The interfaces of each tunnel: two while its keys are replaced, else one. */
const lanesBySlot = (interfaces: Counted): Map<number, InterfaceSample[]> => {
  const lanes = new Map<number, InterfaceSample[]>()
  for (const sample of interfaces.values()) {
    const number = slotOfInterface(sample.name)
    if (number === null) continue
    const slot = slotOfLane(number)
    lanes.set(slot, [...(lanes.get(slot) ?? []), sample])
  }
  return lanes
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

const upBytes = ({ txBytes, txPackets }: InterfaceSample, by: CountedBy): number => payloadBytes(txBytes, txPackets, by)
const downBytes = ({ rxBytes, rxPackets }: InterfaceSample, by: CountedBy): number =>
  payloadBytes(rxBytes, rxPackets, by)

/** Takes in what the lanes had carried that are gone now, of tunnels that go on by another lane. Pure. */
export const addCarried = (
  known: CarriedBefore,
  before: Counted | null,
  now: Counted,
  by: CountedBy,
): CarriedBefore => {
  const earlier = before === null ? new Map<number, InterfaceSample[]>() : lanesBySlot(before)
  return new Map(
    [...lanesBySlot(now).keys()].map((slot) => {
      const gone = (earlier.get(slot) ?? []).filter(({ name }) => !now.has(name))
      const had = known.get(slot) ?? { upBytes: 0, downBytes: 0 }
      return [
        slot,
        {
          upBytes: had.upBytes + sum(gone, (lane) => upBytes(lane, by)),
          downBytes: had.downBytes + sum(gone, (lane) => downBytes(lane, by)),
        },
      ]
    }),
  )
}

/**
 * One sample for each tunnel, both its lanes together; what one alone can tell (round trip, loss, handshake) is that of
 * the lane that carries. Rates are 0 at the first reading. Pure.
 */
export const tunnelSamples = (
  before: Counted | null,
  now: Counted,
  seconds: number,
  by: CountedBy,
  carried: CarriedBefore = new Map(),
): TunnelSample[] =>
  [...lanesBySlot(now)]
    .map(([slot, lanes]) => {
      // An interface that was not there at the last reading was made since, and began at 0.
      const rates =
        before === null
          ? []
          : lanes.map((lane) => ratesBetween(before.get(lane.name) ?? NOTHING_YET, lane, seconds, by))
      const told = lanes.find(({ carries }) => carries) ?? lanes[0]
      const had = carried.get(slot)
      return {
        slot,
        upBitsPerSecond: sum(rates, (rate) => rate.upBitsPerSecond),
        downBitsPerSecond: sum(rates, (rate) => rate.downBitsPerSecond),
        rttMs: told?.rttMs == null ? null : rounded(told.rttMs, 3),
        lossRatio: told?.lossRatio == null ? null : rounded(told.lossRatio, 4),
        handshakeAgeSeconds: told?.handshakeAgeSeconds ?? null,
        upBytes: (had?.upBytes ?? 0) + sum(lanes, (lane) => upBytes(lane, by)),
        downBytes: (had?.downBytes ?? 0) + sum(lanes, (lane) => downBytes(lane, by)),
      }
    })
    .sort((a, b) => a.slot - b.slot)
