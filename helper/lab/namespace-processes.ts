import { readdir, readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { MoleError } from '../../contract/errors.ts'
import { parseStartTime } from '../process-age.ts'

/** A namespace is a file of nsfs: device and inode name it (`namespaces(7)`). */
const identityOf = async (path: string): Promise<string | null> => {
  const found = await stat(path).catch(() => null)
  return found === null ? null : `${found.dev}:${found.ino}`
}

const pidsIn = async (identities: readonly string[]): Promise<number[]> => {
  const names = (await readdir('/proc')).filter((name) => /^[1-9][0-9]*$/.test(name))
  const inside = await Promise.all(
    names.map(async (name) => identities.includes((await identityOf(`/proc/${name}/ns/net`)) ?? '')),
  )
  return names.filter((_, at) => inside[at]).map(Number)
}

/** Asks for the namespace again right before the signal: the process id may have found a new owner. */
const killIfInside = async (pid: number, identities: readonly string[]): Promise<void> => {
  if (!identities.includes((await identityOf(`/proc/${pid}/ns/net`)) ?? '')) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

/**
 * Ends every process whose network namespace is one of `paths`, and waits until none is left.
 * @throws MoleError `timeout` after 5 s.
 */
export const killNamespaceProcesses = async (paths: readonly string[]): Promise<void> => {
  const identities = (await Promise.all(paths.map(identityOf))).filter((identity) => identity !== null)
  if (identities.length === 0) return
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const pids = await pidsIn(identities)
    if (pids.length === 0) return
    await Promise.all(pids.map((pid) => killIfInside(pid, identities)))
    await delay(10)
  }
  throw new MoleError('timeout', 'Processes of a lab bastion did not end within 5 s.', {
    field: 'lab',
    meaning: 'The kernel is still busy ending them.',
    nextStep: 'Run "mole down" again.',
  })
}

/** Start time of a process (`parseStartTime`); `null` when there is no such process, or only its corpse. */
export const startTimeOf = async (pid: number): Promise<number | null> =>
  parseStartTime(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))
