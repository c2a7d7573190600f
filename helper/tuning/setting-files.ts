import { parseCoreList, parseCoreMask, renderCoreList, renderCoreMask } from './core-list.ts'
import type { Setting } from './setting.ts'

/** Settings that are files of `/proc/sys`, `/proc/irq` and `/sys`. */
export type FileSetting = Extract<Setting, { by: 'sysctl' | 'governor' | 'queue' | 'irq' | 'mtu' }>

/** Where the file is, and how its text and the canonical value become each other. */
export type SettingFile = {
  readonly path: string
  readonly parse: (text: string) => string
  readonly render: (value: string) => string
}

const words = (text: string): string => text.trim().split(/\s+/).join(' ')
const asItIs = (value: string): string => value

/** The order in which the kernel tells a set of names depends on when they were added: it means nothing. */
const sortedWords = (text: string): string => words(text).split(' ').toSorted().join(' ')

/** The file of a setting. Pure. */
export const fileOf = (setting: FileSetting): SettingFile => {
  switch (setting.by) {
    case 'sysctl': {
      const isSet = setting.name === 'net.ipv4.tcp_allowed_congestion_control'
      const path = `/proc/sys/${setting.name.replaceAll('.', '/')}`
      return { path, parse: isSet ? sortedWords : words, render: asItIs }
    }
    case 'governor': {
      const path = `/sys/devices/system/cpu/cpufreq/policy${setting.policy}/scaling_governor`
      return { path, parse: words, render: asItIs }
    }
    case 'irq': {
      const path = `/proc/irq/${setting.irq}/smp_affinity_list`
      return { path, parse: (text) => renderCoreList(parseCoreList(text)), render: asItIs }
    }
    case 'mtu':
      return { path: `/sys/class/net/${setting.device}/mtu`, parse: words, render: asItIs }
    case 'queue': {
      const file = setting.side === 'rx' ? 'rps_cpus' : 'xps_cpus'
      return {
        path: `/sys/class/net/${setting.device}/queues/${setting.side}-${setting.queue}/${file}`,
        parse: (text) => renderCoreList(parseCoreMask(text)),
        render: (value) => renderCoreMask(parseCoreList(value)),
      }
    }
  }
}
