import type { TuningOption } from '../../domain/tuning.ts'

/** Kernel parameters that tuning may change (`ip-sysctl.rst`, `admin-guide/sysctl/net.rst`). Exact names only. */
export const TUNED_SYSCTLS = [
  'net.ipv4.tcp_congestion_control',
  'net.ipv4.tcp_allowed_congestion_control',
  'net.core.default_qdisc',
  'net.core.rmem_max',
  'net.core.wmem_max',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
  'net.ipv4.tcp_window_scaling',
  'net.ipv4.tcp_slow_start_after_idle',
  'net.ipv4.tcp_mtu_probing',
] as const
export type TunedSysctl = (typeof TUNED_SYSCTLS)[number]

/** Features of a network card that tuning may turn on, as `ethtool -k` names them. */
export const TUNED_FEATURES = [
  'rx-gro-list',
  'generic-receive-offload',
  'generic-segmentation-offload',
  'tcp-segmentation-offload',
  'rx-udp-gro-forwarding',
] as const
export type TunedFeature = (typeof TUNED_FEATURES)[number]

/**
 * Everything tuning may change: a closed list, declared as plain data, so that the journal keeps it as JSON. Which
 * file or program that is, `read-setting.ts` and `write-setting.ts` say.
 */
export type Setting =
  | { readonly by: 'sysctl'; readonly name: TunedSysctl }
  /** A group of cores that change their clock together. */
  | { readonly by: 'governor'; readonly policy: number }
  /** Cores that work for one queue of one of our interfaces: RPS and XPS (`networking/scaling.rst`). */
  | { readonly by: 'queue'; readonly device: string; readonly side: 'rx' | 'tx'; readonly queue: number }
  | { readonly by: 'irq'; readonly irq: number }
  /** Threads of the process that serves one of our interfaces. `startTime` tells it from another with its number. */
  | { readonly by: 'affinity'; readonly device: string; readonly pid: number; readonly startTime: string }
  | { readonly by: 'channels'; readonly device: string }
  | { readonly by: 'rings'; readonly device: string }
  | { readonly by: 'feature'; readonly device: string; readonly feature: TunedFeature }
  | { readonly by: 'mtu'; readonly device: string }

/** A setting as tuning wants it. Values are text in one canonical form, so that equal ones compare equal. */
export type Wanted = { readonly option: TuningOption; readonly setting: Setting; readonly to: string }

/** A setting we changed: what it was before our first change, and what we made of it. */
export type TuningOrigin = {
  readonly option: TuningOption
  readonly setting: Setting
  readonly original: string
  readonly ours: string
}

/** What a setting is called: one name for one setting. Pure. */
export const nameOf = (setting: Setting): string => {
  switch (setting.by) {
    case 'sysctl':
      return setting.name
    case 'governor':
      return `governor of cpufreq policy ${setting.policy}`
    case 'queue':
      return `${setting.side === 'rx' ? 'RPS' : 'XPS'} cores of ${setting.device} queue ${setting.queue}`
    case 'irq':
      return `cores of interrupt ${setting.irq}`
    case 'affinity':
      return `cores of wireguard-go for ${setting.device} (process ${setting.pid}, begun ${setting.startTime})`
    case 'channels':
      return `queues of ${setting.device}`
    case 'rings':
      return `rings of ${setting.device}`
    case 'feature':
      return `${setting.feature} of ${setting.device}`
    case 'mtu':
      return `MTU of ${setting.device}`
  }
}

/** The interface of ours with which the setting goes; `null` where it outlives our interfaces. Pure. */
export const interfaceOf = (setting: Setting): string | null =>
  setting.by === 'affinity' || setting.by === 'queue' ? setting.device : null
