import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** @param {string} file */
const readQuietly = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * Processes that bear a workplace's name in their arguments or their environment.
 * @param {string} directory @returns {{ pid: number, command: string }[]}
 */
export const findProcessesOf = (directory) =>
  (process.platform === 'linux' ? readdirSync('/proc') : [])
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((name) => ({
      pid: Number(name),
      command: readQuietly(`/proc/${name}/cmdline`),
      environment: readQuietly(`/proc/${name}/environ`),
    }))
    .filter(({ command, environment }) => `${command}\0${environment}`.includes(directory))
    .map(({ pid, command }) => ({ pid, command: command.split('\0').join(' ').trim() }))

/**
 * What is still running of a workplace a few seconds after its tests have ended.
 * @param {string} directory
 */
export const awaitNoProcesses = async (directory, patienceMs = 5000) => {
  const giveUpAtMs = Date.now() + patienceMs
  let left = findProcessesOf(directory)
  while (left.length > 0 && Date.now() < giveUpAtMs) {
    await sleep(100)
    left = findProcessesOf(directory)
  }
  return left
}

/** Ends what a test left running, by its own id. @param {string} directory */
export const endProcessesOf = (directory) => {
  for (const { pid } of findProcessesOf(directory)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone in the meantime.
    }
  }
}
