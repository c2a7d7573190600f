import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** @param {string} file */
const readQuietly = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} path @returns {string[]} Where the links in a directory of /proc lead. */
const linksIn = (path) => {
  try {
    return readdirSync(path).map((name) => readlinkQuietly(`${path}/${name}`))
  } catch {
    return []
  }
}

/** @param {string} path */
const readlinkQuietly = (path) => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** Everything by which a process can be told to belong to a place. @param {string} process_ A directory of /proc. */
const traitsOf = (process_) =>
  [
    readQuietly(`${process_}/cmdline`),
    readQuietly(`${process_}/environ`),
    readlinkQuietly(`${process_}/cwd`),
    ...linksIn(`${process_}/fd`),
  ].join('\0')

/**
 * Processes that bear a workplace's name in their arguments or environment, or have a file of it open: the first
 * process of a lab keeps nothing else of where it came from.
 * @param {string} directory @returns {{ pid: number, command: string }[]}
 */
export const findProcessesOf = (directory) =>
  (process.platform === 'linux' ? readdirSync('/proc') : [])
    .filter(
      (name) => /^\d+$/.test(name) && name !== String(process.pid) && traitsOf(`/proc/${name}`).includes(directory),
    )
    .map((name) => ({ pid: Number(name), command: readQuietly(`/proc/${name}/cmdline`).split('\0').join(' ').trim() }))

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
