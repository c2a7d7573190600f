import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetUpError, say } from './say.mjs'

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** @param {string} file @returns {number | undefined} The process that holds the lock. */
const holderOf = (file) => {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return Number.isNaN(pid) ? undefined : pid
  } catch {
    return undefined
  }
}

/**
 * Takes the lock if it is free. The file appears with its content in one step (`link`), so nobody ever reads it half written.
 * @param {string} file
 */
const take = (file) => {
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, `${process.pid}\n`)
  try {
    linkSync(mine, file)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Removes the lock of a process that is gone. Of several who see it, the rename lets only one. @param {string} file @param {number} pid */
const breakStale = (file, pid) => {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  // Somebody may have broken it and taken it between our look and our rename: then give it back.
  if (holderOf(aside) !== pid) renameSync(aside, file)
  else rmSync(aside, { force: true })
}

/**
 * Does `act` while nobody else on this clone does. Waits for a set-up that is under way; one whose process died is ignored.
 * @template T @param {string} file @param {() => Promise<T>} act @param {{ patienceMs?: number }} [options] @returns {Promise<T>}
 */
export const oneAtATime = async (file, act, { patienceMs = 15 * 60_000 } = {}) => {
  let told = false
  const giveUpAtMs = Date.now() + patienceMs
  while (!take(file)) {
    const pid = holderOf(file)
    if (pid !== undefined && !isAlive(pid)) {
      breakStale(file, pid)
      continue
    }
    if (Date.now() > giveUpAtMs) {
      throw new SetUpError(`Another set-up (process ${pid ?? 'unknown'}) has not ended.`, `End it, or remove ${file}.`)
    }
    if (!told) say(`Waiting for another set-up of this clone (process ${pid ?? 'unknown'}) …`)
    told = true
    await sleep(200)
  }
  try {
    return await act()
  } finally {
    rmSync(file, { force: true })
  }
}
