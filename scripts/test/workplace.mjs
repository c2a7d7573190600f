import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @typedef {{ uid: number, gid: number }} User */
/** @typedef {{ directory: string, env: NodeJS.ProcessEnv }} Workplace */

/**
 * A place of its own for a run of tests: no test reads or writes the settings, state or sockets of who runs it, and
 * whatever stays behind can be found, because it bears this directory's name. Short, for the sake of socket paths.
 * @param {User | null} user Whom it shall belong to, when not to us.
 * @returns {Workplace}
 */
export const makeWorkplace = (user) => {
  const directory = mkdtempSync(join(tmpdir(), 'mole-'))
  chmodSync(directory, 0o755)
  /** @param {string} name */
  const own = (name) => {
    const path = join(directory, name)
    mkdirSync(path, { mode: 0o700 })
    if (user !== null) chownSync(path, user.uid, user.gid)
    return path
  }
  const home = own('home')
  const env = {
    TMPDIR: own('t'),
    MOLE_CACHE: own('cache'),
    // Hundreds of processes are started from the same sources: what was compiled for one serves the next.
    NODE_COMPILE_CACHE: own('compiled'),
    XDG_RUNTIME_DIR: own('run'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    ...(user === null ? {} : { HOME: home, MOLE_ARTIFACTS: own('artifacts') }),
  }
  return { directory, env }
}

/** Files of ours that tests left. @param {Workplace} place */
export const findLeftFiles = ({ directory }) =>
  ['t', 'run'].flatMap((name) =>
    readdirSync(join(directory, name))
      .filter((entry) => entry.startsWith('mole'))
      .map((entry) => `file: ${name}/${entry}: ${describe(join(directory, name, entry))}`),
  )

/** @param {string} path */
const describe = (path) => {
  try {
    return readdirSync(path).join(' ') || 'empty'
  } catch {
    return 'not a directory'
  }
}

/** @param {Workplace} place */
export const removeWorkplace = ({ directory }) => rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
