import type { HostState } from '../domain/host-state.ts'
import type { SysctlOrigin } from './diff.ts'
import type { Facts, MptcpLimits } from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { wantedSysctls } from './wanted-sysctls.ts'

/**
 * What to remember of sysctls once `operations` have led to `desired`: the value before our first change, whatever came
 * between. What is not wanted any more was put back, or is somebody else's now, and is forgotten. Pure.
 */
export const originsAfter = (
  origins: readonly SysctlOrigin[],
  operations: readonly Operation[],
  desired: HostState,
): SysctlOrigin[] =>
  wantedSysctls(desired).flatMap(({ name, value }) => {
    const known = origins.find((origin) => origin.name === name)
    if (known !== undefined) return [{ ...known, ours: value }]
    const change = operations.find((operation) => operation.kind === 'sysctl' && operation.name === name)
    return change?.kind === 'sysctl' ? [{ name, original: change.was, ours: value }] : []
  })

/** The same for the limits of Multipath TCP. Pure. */
export const limitsOriginAfter = (
  origin: MptcpLimits | null,
  operations: readonly Operation[],
  { mptcp }: HostState,
): MptcpLimits | null => {
  if (mptcp === null || origin !== null) return mptcp && origin
  return operations.find((operation) => operation.kind === 'mptcp-limits')?.was ?? null
}

/** Sysctls of ours that somebody else has changed since, in words. They are left as they are. Pure. */
export const sysctlDrift = (origins: readonly SysctlOrigin[], facts: Facts): string[] =>
  origins.flatMap(({ name, original, ours }) => {
    const now = facts.sysctls[name]
    return now === ours || now === original
      ? []
      : [`${name} is ${now ?? 'not there'} now; Cloud Mole had set it to ${ours} (before: ${original})`]
  })
