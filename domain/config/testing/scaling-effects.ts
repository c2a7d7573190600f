import { expect } from 'vitest'
import { changesOf, type Demand, type Script, simulate } from '../../autoscale/testing/simulate.ts'
import { planOf } from '../plan-of.ts'
import { Config, type ConfigValues } from '../schema.ts'

const MBIT = 1e6
const MINUTE = 60_000

type Scaling = NonNullable<ConfigValues['scaling']>

const calmAtFirst =
  (demand: (atMs: number) => Demand) =>
  (atMs: number): Demand =>
    atMs < MINUTE ? { bitsPerSecond: 0, flows: 0 } : demand(atMs)

/** What changes under load by the configuration `scaling`, switched on. */
const changes = (scaling: Scaling, script: Partial<Script>): string[] =>
  changesOf(
    simulate({
      settings: planOf(Config.parse({ scaling: { enable: true, ...scaling } })).autoscale,
      begin: 1,
      capacity: 100 * MBIT,
      lastMs: 5 * MINUTE,
      demand: calmAtFirst(() => ({ bitsPerSecond: 1e10, flows: 64 })),
      ...script,
    }),
  )

/** A rush, and then a steady load that is so small a share of 4 tunnels. */
const ebbing = (share: number): Partial<Script> => ({
  begin: 4,
  most: 4,
  lastMs: 30 * MINUTE,
  demand: calmAtFirst((atMs) => ({ bitsPerSecond: atMs < 3 * MINUTE ? 1e10 : share * 400 * MBIT, flows: 16 })),
})

/** What each key of the section `scaling` does, for the test that no key pretends. */
export const SCALING_SHOWN: Readonly<Record<string, () => void>> = {
  'scaling.enable': () => {
    expect(changes({ enable: false }, {})).toEqual([])
    expect(changes({}, {})).toEqual(['00:01:30 up 1→2', '00:03:30 up 2→4'])
  },
  'scaling.scale_up_threshold': () => {
    // Full once, so that the capacity is known; then 75 % of 4 tunnels.
    const demand = calmAtFirst((atMs) => ({ bitsPerSecond: (atMs < 70_000 ? 1000 : 300) * MBIT, flows: 16 }))
    const load: Partial<Script> = { begin: 4, demand, lastMs: 4 * MINUTE }
    expect(changes({ scale_interval: '2m' }, load)).toEqual([])
    expect(changes({ scale_interval: '2m', scale_up_threshold: 0.7 }, load)).toEqual(['00:02:00 up 4→7'])
  },
  'scaling.scale_down_threshold': () => {
    expect(changes({}, ebbing(0.25))).toEqual(['00:13:30 down 4→2'])
    expect(changes({ scale_down_threshold: 0.2 }, ebbing(0.25))).toEqual([])
  },
  'scaling.scale_interval': () => {
    expect(changes({ scale_interval: '45s' }, { lastMs: 2 * MINUTE })).toEqual(['00:01:30 up 1→2'])
    expect(changes({ scale_interval: '80s' }, { lastMs: 2 * MINUTE })).toEqual(['00:01:20 up 1→2'])
  },
  'scaling.scale_up_cooldown': () => {
    expect(changes({ scale_up_cooldown: '3m' }, {})).toEqual(['00:01:30 up 1→2', '00:04:30 up 2→4'])
  },
  'scaling.scale_down_cooldown': () => {
    expect(changes({ scale_down_cooldown: '5m' }, ebbing(0.25))).toEqual(['00:08:30 down 4→2'])
  },
  'scaling.elephant_flow_threshold': () => {
    const demand = calmAtFirst((atMs) => ({
      bitsPerSecond: 300 * MBIT,
      beyond: 60 * MBIT,
      flows: 3,
      flowBytes: ((atMs - MINUTE) / 1000) * 10 * 2 ** 20,
    }))
    expect(changes({}, { demand, lastMs: 2 * MINUTE })).toEqual(['00:01:10 up 1→2'])
    expect(changes({ elephant_flow_threshold: 20 * 2 ** 20 }, { demand, lastMs: 65_000 })).toEqual(['00:01:02 up 1→2'])
  },
}
