import type { System } from '../system.ts'
import { parseCoreList } from './core-list.ts'
import type { CoreFacts, TuningFacts } from './facts.ts'
import { allowedCores } from './processes.ts'

const CPU = '/sys/devices/system/cpu'

/** NUMA node of a core, from the link in its directory; `null` where the machine has none. */
export const nodeOfCore = ({ list }: System, core: number): number | null => {
  const node = list(`${CPU}/cpu${core}`).flatMap((name) => /^node([0-9]+)$/.exec(name)?.[1] ?? [])[0]
  return node === undefined ? null : Number(node)
}

/** Cores that are on and that this process itself may use (a container may have been given a few only). */
export const observeCores = (system: System): CoreFacts[] => {
  const { read } = system
  const online = parseCoreList(read(`${CPU}/online`) ?? '')
  const allowed = parseCoreList(allowedCores(read('/proc/self/status')) ?? '')
  return online
    .filter((core) => allowed.includes(core))
    .map((core) => ({
      core,
      numaNode: nodeOfCore(system, core),
      firstSibling: parseCoreList(read(`${CPU}/cpu${core}/topology/thread_siblings_list`) ?? '')[0] ?? core,
    }))
}

/** Groups of cores that change their clock together, and how it may be governed (`admin-guide/pm/cpufreq.rst`). */
export const observePolicies = ({ read, list }: System): TuningFacts['policies'] =>
  list(`${CPU}/cpufreq`)
    .flatMap((name) => /^policy([0-9]+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
    .map((policy) => ({
      policy,
      governors: (read(`${CPU}/cpufreq/policy${policy}/scaling_available_governors`) ?? '')
        .split(/\s+/)
        .filter((name) => name !== ''),
    }))
