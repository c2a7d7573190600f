import { existsSync, type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../clock.ts'

/** Events of one save come close together. */
const GATHER_MS = 50

const watchOne = (directory: string, notice: () => void): FSWatcher[] => {
  try {
    const watcher = watch(directory, { persistent: false }, notice)
    // A kernel without watches left (inotify(7)): the slow look at everything is what remains.
    return [watcher.on('error', () => watcher.close())]
  } catch {
    return []
  }
}

/** The directory itself, or while it is not there the nearest one above it that is: to see it made. */
const nearest = (directory: string): string =>
  existsSync(directory) || directory === dirname(directory) ? directory : nearest(dirname(directory))

export type DirectoryWatch = {
  /** Watches the directories that there are by now: one that was removed and made again is another to the kernel. */
  rearm(): void
  close(): void
}

/**
 * Calls `onChange` a moment after something changed in one of the directories, once for what comes together.
 * Directories need not be there; `rearm` before each look at them, so that nothing is missed in between. No event is
 * certain (network file systems have none): look at times without one, too.
 */
export const watchDirectories = (
  directories: readonly string[],
  clock: Clock,
  onChange: () => void,
): DirectoryWatch => {
  const ending = new AbortController()
  let isGathering = false
  let watchers: FSWatcher[] = []

  const notice = async (): Promise<void> => {
    if (isGathering) return
    isGathering = true
    await clock.sleep(GATHER_MS, ending.signal)
    isGathering = false
    if (!ending.signal.aborted) onChange()
  }

  const rearm = (): void => {
    const before = watchers
    watchers = directories.flatMap((each) => watchOne(nearest(each), () => void notice()))
    for (const watcher of before) watcher.close()
  }

  rearm()
  return {
    rearm,
    close: () => {
      ending.abort()
      for (const watcher of watchers) watcher.close()
    },
  }
}
