/**
 * Start time in clock ticks since boot, field 22 of `/proc/<pid>/stat`, which tells a process from a later one of the same
 * number; `null` for no process, or its corpse. Pure.
 */
export const parseStartTime = (stat: string): number | null => {
  // The name (field 2) may hold spaces and brackets: count from its closing one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', startTime = ''] = [fields[0], fields[19]]
  return startTime === '' || state === 'Z' || state === 'X' ? null : Number(startTime)
}
