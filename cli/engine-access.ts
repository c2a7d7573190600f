import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { attach } from '../engine/attach.ts'
import type { Paths } from '../engine/paths.ts'
import { startBackgroundEngine } from './background-engine.ts'
import type { Engine, EngineAccess } from './world.ts'

/** Whether the database records a deployment. Read only: the engine may be starting at this very moment. */
const isRecorded = (path: string): boolean => {
  if (!existsSync(path)) return false
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 1000 })
    try {
      return database.prepare('SELECT 1 FROM deployments LIMIT 1').get() !== undefined
    } finally {
      database.close()
    }
  } catch {
    // Damaged, locked or of another version: the engine shall judge.
    return true
  }
}

/** The user's engine: found through its socket, started where there is none. `onEngine` hears of each connection. */
export const openEngineAccess = (
  paths: Paths,
  onEngine: (engine: Engine) => void,
  warn: (text: string) => void,
): EngineAccess => {
  const known = <E extends Engine | null>(engine: E): E => {
    if (engine !== null) onEngine(engine)
    return engine
  }
  const find = async (): Promise<Engine | null> => known(await attach(paths))
  return {
    find,
    findOrStart: async () =>
      (await find()) ?? known(await startBackgroundEngine(paths, { port: 0, untilIdle: true }, warn)),
    isAnythingLeft: async () => existsSync(paths.lab) || isRecorded(paths.database),
  }
}
