import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { MoleError } from '../../contract/errors.ts'
import { tryHold } from '../lock.ts'
import { ensurePaths, type Paths } from '../paths.ts'
import { othersAreWriting } from './refusals.ts'

const PATIENCE_MS = 2000
const RETRY_MS = 5

const notHeld = (path: string, cause: unknown): MoleError =>
  new MoleError(
    'not-available',
    `The lock ${path} cannot be used: ${(cause as Error).message}.`,
    {
      field: path,
      meaning: 'Without it two writers could undo each other’s work, so nothing was written.',
      nextStep: 'Check the permissions of the file and the free space on its disk, then try again.',
    },
    { cause },
  )

const hold = (path: string): DatabaseSync | null => {
  try {
    return tryHold(path)
  } catch (error) {
    throw notHeld(path, error)
  }
}

/**
 * Does `work` while no other process of this user, and nobody else in this one, writes profiles on this machine.
 * Waits up to two seconds for its turn. The lock falls with the process that held it.
 * @throws MoleError `conflict` when its turn did not come; `not-available` or `denied` when there can be no lock.
 */
export const withLock = async <T>(paths: Paths, work: () => Promise<T>): Promise<T> => {
  await ensurePaths(paths)
  const path = join(paths.runtime, 'profiles.lock')
  const deadlineMs = performance.now() + PATIENCE_MS
  for (;;) {
    const held = hold(path)
    if (held !== null) {
      try {
        return await work()
      } finally {
        held.close()
      }
    }
    if (performance.now() > deadlineMs) throw othersAreWriting()
    // Two that wait must not meet again and again.
    await delay(RETRY_MS * (1 + Math.random()))
  }
}
