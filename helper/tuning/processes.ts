import { slotOfInterface } from '../../domain/ours.ts'
import type { System } from '../system.ts'

/* Processes that serve our interfaces, from `/proc` (`proc(5)`). */

export type ServingProcess = { readonly pid: number; readonly startTime: string }

/** Fields of `/proc/PID/stat` after the name, which may hold anything but ends with the last parenthesis. Pure. */
const fieldsOf = (stat: string): string[] =>
  stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ')

/** When a process began, in ticks since boot: with its number it names one process. Pure. */
export const startTimeOf = (stat: string): string | null => fieldsOf(stat)[19] ?? null

/** Ticks of processor time a process took so far, of all its threads. Pure. */
export const ticksOf = (stat: string): number => {
  const fields = fieldsOf(stat)
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

/** The interface a command line serves; `null` when it is not that of wireguard-go for one of ours. Pure. */
export const servedInterface = (cmdline: string): string | null => {
  const [program = '', name = '', ...more] = cmdline.split('\0').filter((word) => word !== '')
  const isWireGuardGo = program === 'wireguard-go' || program.endsWith('/wireguard-go')
  return isWireGuardGo && more.length === 0 && slotOfInterface(name) !== null ? name : null
}

const uidOf = (status: string): string | null => /^Uid:\s+([0-9]+)/m.exec(status)?.[1] ?? null

/**
 * The process of each of our interfaces, by its command line. Bastions of the lab have interfaces of the same names: only
 * processes of our own user in our own network namespace count.
 */
export const findServing = (system: System): Map<string, ServingProcess> => {
  const { read, list, link } = system
  const [network, uid] = [link('/proc/self/ns/net'), uidOf(read('/proc/self/status') ?? '')]
  const found = list('/proc').flatMap((entry): [string, ServingProcess][] => {
    if (!/^[0-9]+$/.test(entry)) return []
    const name = servedInterface(read(`/proc/${entry}/cmdline`) ?? '')
    if (name === null || link(`/proc/${entry}/ns/net`) !== network) return []
    if (uidOf(read(`/proc/${entry}/status`) ?? '') !== uid) return []
    const startTime = startTimeOf(read(`/proc/${entry}/stat`) ?? '')
    return startTime === null ? [] : [[name, { pid: Number(entry), startTime }]]
  })
  return new Map(found)
}

/** Cores a process may use, from its `status`; `null` when it is gone. Pure. */
export const allowedCores = (status: string | null): string | null =>
  /^Cpus_allowed_list:\s*(\S+)/m.exec(status ?? '')?.[1] ?? null

/** Cores that the threads of a process may use; several lists, with a bar between, where they differ. */
export const affinityOf = ({ read, list }: System, pid: number): string | null => {
  const lists = list(`/proc/${pid}/task`).flatMap(
    (thread) => allowedCores(read(`/proc/${pid}/task/${thread}/status`)) ?? [],
  )
  return lists.length === 0 ? null : [...new Set(lists)].toSorted().join(' | ')
}
