import { SYSCTL_RANGES, type SysctlName } from '../../domain/host-state.ts'
import type { System } from '../system.ts'
import type { Facts } from './facts.ts'

/** File of a sysctl below `/proc/sys`. Only names of the closed list get here, so a dot is always a separator. */
export const sysctlPath = (name: SysctlName): string => `/proc/sys/${name.replaceAll('.', '/')}`

/** Value of one sysctl; `null` when this kernel does not have it. */
export const readSysctl = ({ read }: System, name: SysctlName): number | null => {
  const text = read(sysctlPath(name))?.trim() ?? ''
  return /^-?[0-9]+$/.test(text) ? Number(text) : null
}

/** Every sysctl the helper may set, as it is now. */
export const observeSysctls = (system: System): Facts['sysctls'] =>
  Object.fromEntries(
    (Object.keys(SYSCTL_RANGES) as SysctlName[]).flatMap((name) => {
      const value = readSysctl(system, name)
      return value === null ? [] : [[name, value]]
    }),
  )
