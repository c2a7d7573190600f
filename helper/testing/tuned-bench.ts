import fc from 'fast-check'
import type { HostState } from '../../domain/host-state.ts'
import { onlyOptions, type Tuning, TuningOption } from '../../domain/tuning.ts'
import { TUNED_FEATURES, TUNED_SYSCTLS } from '../tuning/setting.ts'
import type { Bench } from './bench.ts'
import { bundle } from './states.ts'
import { ALL_TUNING } from './tuned-host.ts'

/** The whole network of the world, and all of it that can be tuned. */
export const tunedSnapshot = async (bench: Bench): Promise<Record<string, unknown>> => {
  const files = TUNED_SYSCTLS.map((name) => `/proc/sys/${name.replaceAll('.', '/')}`)
  const features = await bench.world.run('ethtool', ['-k', 'wan0'])
  return {
    ...(await bench.snapshot()),
    tuned: await bench.world.run('sh', ['-c', `grep . ${files.join(' ')} 2>&1 || true`]),
    features: features.split('\n').filter((line) => TUNED_FEATURES.some((name) => line.startsWith(name))),
  }
}

/** Another congestion control than the one in force, among those a namespace may use. */
export const otherCongestion = async (bench: Bench): Promise<string> => {
  const [now, allowed] = await Promise.all(
    ['tcp_congestion_control', 'tcp_allowed_congestion_control'].map(async (name) =>
      (await bench.world.run('cat', [`/proc/sys/net/ipv4/${name}`])).trim(),
    ),
  )
  return allowed?.split(' ').find((name) => name !== now) ?? 'reno'
}

/** All that can be asked for of a namespace. */
export const allTuning = (congestion: string): Tuning => ({ ...ALL_TUNING, pinning: { reserveCores: 0 }, congestion })

/** Every option alone, how connections are spread, and combinations of all of it. */
export const tunedStates = (all: Tuning, combinations: number): HostState[] => [
  ...TuningOption.options.map((option) => bundle(1, { tuning: onlyOptions(all, [option]) })),
  bundle(1, { spread: 'round-robin' }),
  bundle(1, { mptcp: { strategy: 'roundrobin' } }),
  bundle(1, { congestion: 'reno' }),
  bundle(1, { probe: { intervalMs: 100, misses: 3 } }),
  ...fc.sample(
    fc
      .record({
        options: fc.subarray([...TuningOption.options]),
        spread: fc.constantFrom('hash', 'round-robin'),
        mptcp: fc.option(fc.constant({ strategy: 'roundrobin' as const })),
        congestion: fc.constantFrom(null, 'cubic', 'reno'),
        probe: fc.option(fc.constant({ intervalMs: 100, misses: 3 })),
        tunnels: fc.integer({ min: 1, max: 2 }),
      })
      .map(({ options, tunnels, ...changes }) => bundle(tunnels, { ...changes, tuning: onlyOptions(all, options) })),
    combinations,
  ),
]
