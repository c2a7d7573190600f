/** Bits of `CapEff` (`capabilities(7)`). */
const CAP_SETGID = 6n
const CAP_SETUID = 7n
const CAP_SETPCAP = 8n

const NOBODY = 65_534

/** User id of a process started with these arguments by user `own`. Pure. */
export const userOf = (flags: readonly string[], own: number): number => (flags.includes('--reuid') ? NOBODY : own)

const capabilities = (status: string): bigint => BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)

/** Whether `uid_map` (`user_namespaces(7)`) knows the user nobody: in a namespace that maps one user it does not. */
const knowsNobody = (uidMap: string): boolean =>
  uidMap.split('\n').some((line) => {
    const [inside = Number.NaN, , count = 0] = line.trim().split(/\s+/).map(Number)
    return NOBODY >= inside && NOBODY < inside + count
  })

/**
 * Arguments of `setpriv(1)` that take away every privilege that this process may take away: it becomes nobody, without a
 * capability, and can get none. `status` and `uidMap`: of `/proc/self`. Pure.
 */
export const dropPrivileges = (status: string, uidMap: string): string[] => {
  const held = capabilities(status)
  const has = (bit: bigint): boolean => (held & (1n << bit)) !== 0n
  const isFree = has(CAP_SETUID) && has(CAP_SETGID) && knowsNobody(uidMap)
  return [
    '--no-new-privs',
    ...(has(CAP_SETPCAP) ? ['--bounding-set', '-all', '--inh-caps', '-all'] : []),
    ...(isFree ? ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'] : []),
  ]
}
