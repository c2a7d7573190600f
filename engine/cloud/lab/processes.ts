import { readdir, readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Field 22 of `/proc/<pid>/stat` (`proc_pid_stat(5)`) tells a process from a later one with the same pid; `null` when it has ended. */
export const startTimeOf = async (pid: number): Promise<number | null> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name (field 2) may hold spaces and brackets: count from its closing one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', startTime = ''] = [fields[0], fields[19]]
  return startTime === '' || state === 'Z' || state === 'X' ? null : Number(startTime)
}

/** What a path names, whatever it is called: device and inode. `null` when it is not there or not ours to see. */
export const identityOf = async (path: string): Promise<string | null> => {
  const found = await stat(path).catch(() => null)
  return found === null ? null : `${found.dev}:${found.ino}`
}

/** Every live process for which `isWanted` holds. */
export const findProcesses = async (isWanted: (pid: number) => Promise<boolean>): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^[1-9][0-9]*$/.test(name)).map(Number)
  const wanted = await Promise.all(pids.map(async (pid) => (await isWanted(pid)) && (await startTimeOf(pid)) !== null))
  return pids.filter((_, at) => wanted[at])
}

/** The arguments of a process; `[]` when it has ended or is not ours to see. */
export const argumentsOf = async (pid: number): Promise<string[]> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')

const signal = (pid: number, name: 'SIGKILL' | 'SIGCONT'): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in between.
  }
}

/** Ends every process for which `isWanted` holds, asking again right before each signal; `false` when some outlive `limitMs`. */
export const endProcesses = async (isWanted: (pid: number) => Promise<boolean>, limitMs: number): Promise<boolean> => {
  const until = performance.now() + limitMs
  for (;;) {
    const pids = await findProcesses(isWanted)
    if (pids.length === 0) return true
    if (performance.now() > until) return false
    for (const pid of pids) if (await isWanted(pid)) signal(pid, 'SIGKILL')
    await delay(5)
  }
}

/** Lets stopped ones go on: a parent that is stopped takes no leave of its children, and their namespace waits for it. */
export const wakeProcesses = async (isWanted: (pid: number) => Promise<boolean>): Promise<void> => {
  for (const pid of await findProcesses(isWanted)) signal(pid, 'SIGCONT')
}
