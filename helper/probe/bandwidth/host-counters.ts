import { readFileSync } from 'node:fs'
import type { BandwidthResult } from '../../../domain/probe/bandwidth.ts'
import type { Runner } from '../../run.ts'
import { type CoreTimes, parseCoreTimes } from '../../tuning/core-times.ts'
import { ticksOf } from '../../tuning/processes.ts'

type InterfaceDrops = NonNullable<BandwidthResult['drops']>

/** Reads a file of `/proc` or `/sys`; `null` where there is none. */
export type Read = (path: string) => string | null

export const readFile: Read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** The interface that leads to an address (`ip-route(8)`); `null` where the kernel does not tell. */
export const interfaceTowards = async (runner: Runner, address: string): Promise<string | null> => {
  try {
    const { stdout } = await runner.run('ip', ['-oneline', 'route', 'get', address])
    return / dev (\S+)/.exec(stdout)?.[1] ?? null
  } catch {
    return null
  }
}

/** Of `/sys/class/net/NAME/statistics` (the kernel's `Documentation/ABI/testing/sysfs-class-net-statistics`). */
export const readDrops = (read: Read, interfaceName: string | null): InterfaceDrops | null => {
  if (interfaceName === null) return null
  const counter = (name: string): number =>
    Number(read(`/sys/class/net/${interfaceName}/statistics/${name}`) ?? Number.NaN)
  const drops = {
    transmitDropped: counter('tx_dropped'),
    receiveDropped: counter('rx_dropped'),
    receiveMissed: counter('rx_missed_errors'),
  }
  return Object.values(drops).every(Number.isFinite) ? drops : null
}

/** What rose between two readings; `null` where one is lacking. Pure. */
export const risenDrops = (before: InterfaceDrops | null, now: InterfaceDrops | null): InterfaceDrops | null =>
  before === null || now === null
    ? null
    : {
        transmitDropped: Math.max(0, now.transmitDropped - before.transmitDropped),
        receiveDropped: Math.max(0, now.receiveDropped - before.receiveDropped),
        receiveMissed: Math.max(0, now.receiveMissed - before.receiveMissed),
      }

export const readCores = (read: Read): Map<number, CoreTimes> => parseCoreTimes(read('/proc/stat') ?? '')

/** Share of its time that the busiest core worked between two readings; `null` when no time passed. Pure. */
export const busiestCore = (
  before: ReadonlyMap<number, CoreTimes>,
  now: ReadonlyMap<number, CoreTimes>,
): number | null => {
  const ratios = [...now].flatMap(([core, { busy, total }]) => {
    const was = before.get(core)
    return was === undefined || total <= was.total ? [] : [(busy - was.busy) / (total - was.total)]
  })
  return ratios.length === 0 ? null : Math.min(1, Math.max(0, ...ratios))
}

/** `USER_HZ` of `/proc`: 100 on every Linux (`time(7)`). */
const TICKS_PER_SECOND = 100

/** Time that a process has worked since it began, seconds; `null` when it has ended. */
export const workedSeconds = (read: Read, pid: number): number | null => {
  const stat = read(`/proc/${pid}/stat`)
  return stat === null ? null : ticksOf(stat) / TICKS_PER_SECOND
}
