import type { DeploymentView, TrafficState } from '../../contract/app.ts'
import type { HostLoad } from '../../contract/helper.ts'
import type { TuningOption } from '../../domain/tuning.ts'

const SETTINGS: Readonly<Partial<Record<TuningOption, Omit<HostLoad['tuned'][number], 'option'>>>> = {
  pinning: { what: 'CPU affinity of wireguard-go', was: '0-7', now: 'one core a tunnel' },
  congestion: { what: 'net.ipv4.tcp_congestion_control', was: 'cubic', now: 'bbr' },
  buffers: { what: 'net.core.rmem_max', was: '212992', now: '134217728' },
}

const wave = (seconds: number, of: number): number => 0.8 + 0.15 * Math.sin(seconds / 5 + of * 1.9)

/** Load of a machine with so many cores, the first two kept free once tunnels are pinned. */
export const fakeHostLoad = (
  view: DeploymentView,
  traffic: TrafficState,
  inForce: readonly TuningOption[],
  cores: number,
  atMs: number,
): HostLoad => {
  const seconds = Math.round(atMs / 1000)
  const isPinned = inForce.includes('pinning')
  const free = isPinned ? Math.min(2, cores - 1) : 0
  const coreOf = (at: number): number => free + (at % (cores - free))
  const carrying = view.tunnels.filter(({ carries }) => carries).length
  const share = traffic.running ? 0.62 : 0.01
  return {
    atMs,
    cores: Array.from({ length: cores }, (_, core) => {
      const own = view.tunnels.filter((_, at) => coreOf(at) === core).length
      const busy = isPinned ? own * share : (carrying * share) / cores
      return {
        core,
        numaNode: cores > 8 ? Math.floor(core / (cores / 2)) : 0,
        busyRatio: Math.min(1, 0.04 + busy * wave(seconds, core)),
      }
    }),
    tunnels: view.tunnels.map((tunnel, at) => ({
      name: tunnel.interfaceName,
      cores: isPinned ? [coreOf(at)] : [],
      coreRatio: tunnel.carries ? share * wave(seconds, at) : 0.002,
      memoryBytes: 31_000_000 + tunnel.slot * 700_000,
    })),
    tuned: inForce.flatMap((option) => {
      const setting = SETTINGS[option]
      return setting === undefined ? [] : [{ option, ...setting }]
    }),
    lacking: [
      { option: 'governor', reason: 'This machine has no cpufreq: its clock is the host’s that it runs on.' },
      { option: 'nic-rings', reason: 'The card wan0 (veth) has no rings.' },
    ],
  }
}
