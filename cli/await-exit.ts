import { MoleError } from '../contract/errors.ts'

const LIMIT_MS = 10_000
const LOOK_EVERY_MS = 10

/** kill(2) with signal 0 only looks; EPERM means that somebody else's process has the number by now. */
const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Waits until a process of ours is gone. @throws MoleError `timeout` after 10 s. */
export const awaitExit = async (pid: number): Promise<void> => {
  const deadline = performance.now() + LIMIT_MS
  while (isThere(pid)) {
    if (performance.now() > deadline)
      throw new MoleError('timeout', `The engine (process ${pid}) was asked to end and has not.`, {
        field: 'engine',
        meaning: 'It no longer answers; tunnels are not touched.',
        nextStep: `End it with: kill ${pid}`,
      })
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
