import { expect } from 'vitest'
import { tuningInForce } from '../../../engine/deployment/planned-host.ts'
import { bundle } from '../../../helper/testing/states.ts'
import { makeTunedHost } from '../../../helper/testing/tuned-host.ts'
import { onlyOptions } from '../../tuning.ts'
import { planOf } from '../plan-of.ts'
import { Config, type ConfigValues } from '../schema.ts'

type Optimization = NonNullable<ConfigValues['optimization']>

/** Nothing of it but what a test says. */
const NONE: Optimization = {
  apply: 'always',
  enable_process_pinning: false,
  tcp_window_scaling: true,
}

const inForce = (optimization: Optimization) => {
  const { tuning } = planOf(Config.parse({ optimization }))
  return onlyOptions(tuning.wanted, tuningInForce(tuning, ['congestion']))
}

/** A host with two tunnels, tuned as a configuration asks for; answers what a file of it says then. */
const tuned = async (optimization: Optimization): Promise<(path: string) => string | undefined> => {
  const { apply, host } = makeTunedHost()
  await apply(bundle(2, { tuning: inForce({ ...NONE, ...optimization }) }))
  return (path) => host.system.read(path)?.trim()
}

/** Cores of the first tunnel's process. */
const coresOf = async (optimization: Optimization): Promise<string | undefined> => {
  const read = await tuned(optimization)
  return /Cpus_allowed_list:\s*(\S+)/.exec(read('/proc/100/task/100/status') ?? '')?.[1]
}

const sysctl = (name: string): string => `/proc/sys/net/${name}`

/** What each key of the section "optimization" does; see effects.test.ts. */
export const TUNING_SHOWN: Readonly<Record<string, () => void | Promise<void>>> = {
  'optimization.apply': () => {
    expect(inForce({ apply: 'never' })).toEqual(inForce({ apply: 'never', tcp_congestion: 'cubic' }))
    expect(inForce({ apply: 'measured' })).toMatchObject({ congestion: 'bbr', governor: null, pinning: null })
    expect(inForce({ apply: 'always' })).toMatchObject({ congestion: 'bbr', governor: 'performance' })
  },
  'optimization.enable_process_pinning': async () => {
    expect(await coresOf({ enable_process_pinning: false })).toBe('0-7')
    expect(await coresOf({ enable_process_pinning: true })).toBe('4-5')
  },
  'optimization.reserve_cores': async () => {
    expect(await coresOf({ enable_process_pinning: true, reserve_cores: 5 })).toBe('4')
    expect(await coresOf({ enable_process_pinning: true, reserve_cores: 7 })).toBe('0-7')
  },
  'optimization.cpu_governor': async () => {
    for (const cpu_governor of ['performance', 'powersave'] as const) {
      const read = await tuned({ cpu_governor })
      for (const core of [0, 7])
        expect(read(`/sys/devices/system/cpu/cpufreq/policy${core}/scaling_governor`)).toBe(cpu_governor)
    }
  },
  'optimization.tcp_congestion': async () => {
    for (const name of ['bbr', 'reno'])
      expect((await tuned({ tcp_congestion: name }))(sysctl('ipv4/tcp_congestion_control'))).toBe(name)
  },
  'optimization.large_mtu': async () => {
    expect((await tuned({ large_mtu: 9000 }))('/sys/class/net/eth0/mtu')).toBe('9000')
    expect((await tuned({}))('/sys/class/net/eth0/mtu')).toBe('1500')
  },
  'optimization.multi_queue_nic': async () => {
    const irqs = async (multi_queue_nic: boolean): Promise<boolean> =>
      (await tuned({ multi_queue_nic }))('/proc/irq/47/smp_affinity_list') !== undefined
    expect([await irqs(true), await irqs(false)]).toEqual([true, false])
  },
  'optimization.tcp_window_scaling': async () => {
    const on = await tuned({ tcp_window_scaling: true })
    expect([on(sysctl('ipv4/tcp_window_scaling')), on(sysctl('ipv4/tcp_mtu_probing'))]).toEqual(['1', '1'])
    expect((await tuned({ tcp_window_scaling: false }))(sysctl('ipv4/tcp_window_scaling'))).toBe('0')
  },
  'optimization.buffer_sizes.rmem_max': async () => {
    const read = await tuned({ buffer_sizes: { rmem_max: 134_217_728 } })
    expect(read(sysctl('core/rmem_max'))).toBe('134217728')
    expect(read(sysctl('ipv4/tcp_rmem'))).toBe('4096\t131072\t134217728')
    expect(read(sysctl('core/wmem_max'))).toBe('212992')
  },
  'optimization.buffer_sizes.wmem_max': async () => {
    const read = await tuned({ buffer_sizes: { wmem_max: 134_217_728 } })
    expect(read(sysctl('core/wmem_max'))).toBe('134217728')
    expect(read(sysctl('ipv4/tcp_wmem'))).toBe('4096\t16384\t134217728')
    expect(read(sysctl('core/rmem_max'))).toBe('212992')
  },
}
