import { expect } from 'vitest'
import { probeOf } from '../probe-of.ts'
import { Config, type ConfigValues } from '../schema.ts'

const probing = (values: NonNullable<ConfigValues['probing']>) => probeOf(Config.parse({ probing: values }))

/** What each key of the section `probing` does, for the test that no key pretends. */
export const PROBING_SHOWN: Readonly<Record<string, () => void>> = {
  'probing.test_duration': () => {
    expect(probing({ test_duration: '2m' }).seconds).toBe(120)
    // iperf3 counts in seconds: never less than what was asked for.
    expect(probing({ test_duration: '1500ms' }).seconds).toBe(2)
  },
  'probing.mtu_range': () => {
    expect(probing({ mtu_range: [1400, 9216] }).mtuRungs).toEqual([1400, 9216])
  },
  'probing.parallel_streams': () => {
    expect(probing({ parallel_streams: [1, 16] }).streams).toEqual([1, 16])
  },
  'probing.enable_jumbo_frames': () => {
    expect(probing({}).mtuRungs).toEqual([1200, 1500, 1800, 9000])
    expect(probing({ enable_jumbo_frames: false }).mtuRungs).toEqual([1200, 1500])
    expect(probing({ enable_jumbo_frames: false, mtu_range: [9000] }).mtuRungs).toEqual([1500])
  },
}
