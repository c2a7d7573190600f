import { existsSync, readFileSync, statSync } from 'node:fs'
import { lstat, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MoleError } from '../contract/errors.ts'

/** Where everything of one user lives. All paths are absolute. */
export type Paths = {
  /** Sockets and locks; gone at logout or reboot. 0700. */
  readonly runtime: string
  /** Database and log; kept. 0700. */
  readonly state: string
  /** Configuration and profiles; the user's own. */
  readonly config: string
  readonly engineSocket: string
  readonly engineLock: string
  readonly engineLog: string
  readonly database: string
  /** What Terraform works in, a directory for each deployment it made; kept until that is taken down. */
  readonly terraform: string
  /** Everything of the lab; removed whole at teardown. */
  readonly lab: string
  /** The helper of this machine itself, where the engine has to start it: keys, journal, socket. */
  readonly host: string
}

/** `sockaddr_un.sun_path` holds 108 bytes with its final zero (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 107

/** The longest path of a socket below RUNTIME; wireguard-go's lie in the bastions' own mount namespaces. */
const LONGEST_SOCKET = 'host/helper.sock'

const absolute = (value: string | undefined): string | null => (value !== undefined && isAbsolute(value) ? value : null)

const ownDirectory = (path: string, uid: number): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === uid
}

const currentUid = (): number => process.getuid?.() ?? 0

/**
 * `$XDG_RUNTIME_DIR/mole` when that directory is there and ours, else `/tmp/mole-<uid>`: after `su` the
 * variable often still names the other user's directory.
 */
const runtimeDirectory = (env: NodeJS.ProcessEnv, uid: number): string => {
  const given = absolute(env.XDG_RUNTIME_DIR)
  return given !== null && ownDirectory(given, uid) ? join(given, 'mole') : join('/tmp', `mole-${uid}`)
}

/**
 * The user's directories by the XDG Base Directory Specification (relative values are ignored, as it
 * demands). Makes nothing: see `ensurePaths`.
 */
export const resolvePaths = (env: NodeJS.ProcessEnv = process.env, uid: number = currentUid()): Paths => {
  const home = absolute(env.HOME) ?? homedir()
  const runtime = runtimeDirectory(env, uid)
  const state = join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'), 'mole')
  return {
    runtime,
    state,
    config: join(absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'mole'),
    engineSocket: join(runtime, 'engine.sock'),
    engineLock: join(runtime, 'engine.lock'),
    engineLog: join(state, 'engine.log'),
    database: join(state, 'mole.sqlite'),
    terraform: join(state, 'terraform'),
    lab: join(runtime, 'lab'),
    host: join(runtime, 'host'),
  }
}

const unsafe = (path: string, what: string, nextStep: string): MoleError =>
  new MoleError('denied', `The directory ${path} ${what}.`, {
    field: path,
    meaning: 'Another user could take over the sockets in it, so nothing was started.',
    nextStep,
  })

/**
 * Checks that `path` is a real directory, ours, and closed to everybody else.
 * @throws MoleError `denied` naming what is wrong and what to do.
 */
export const assertPrivateDirectory = async (path: string, uid: number = currentUid()): Promise<void> => {
  // lstat: a symbolic link planted in /tmp must not lead us elsewhere.
  const stat = await lstat(path)
  if (stat.isSymbolicLink()) throw unsafe(path, 'is a symbolic link', 'Look who made it, remove it, and try again.')
  if (!stat.isDirectory()) throw unsafe(path, 'is not a directory', 'Remove it and try again.')
  if (stat.uid !== uid)
    throw unsafe(
      path,
      `belongs to user ${stat.uid}, not to you (${uid})`,
      'Ask its owner or an administrator to remove it.',
    )
  if ((stat.mode & 0o077) !== 0)
    throw unsafe(path, 'is open to other users', `Run: chmod 700 ${path} (after a look at what is in it).`)
}

const notMade = (path: string, { code, message }: NodeJS.ErrnoException): MoleError =>
  new MoleError('not-available', `The directory ${path} cannot be made (${code ?? message}).`, {
    field: path,
    meaning: 'Cloud Mole keeps there what it must not forget, so nothing was started.',
    nextStep: 'Check the permissions of the directory above it and the free space on its disk.',
  })

const makePrivateDirectory = async (path: string): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true })
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notMade(path, error as NodeJS.ErrnoException)
  }
  await assertPrivateDirectory(path)
}

/** @throws MoleError `not-available` when a socket below `runtime` would have a name the kernel cannot hold (unix(7)). */
export const assertSocketPathsFit = (runtime: string): void => {
  const bytes = Buffer.byteLength(join(runtime, LONGEST_SOCKET))
  if (bytes <= MAX_SOCKET_PATH_BYTES) return
  throw new MoleError(
    'not-available',
    `The directory ${runtime} has too long a name for a Unix socket (${bytes} bytes).`,
    {
      field: 'XDG_RUNTIME_DIR',
      meaning: `The kernel holds socket names of at most ${MAX_SOCKET_PATH_BYTES} bytes.`,
      nextStep: 'Set XDG_RUNTIME_DIR to a directory with a shorter name.',
    },
  )
}

/**
 * Makes RUNTIME and STATE (0700) and refuses them when they are not ours alone.
 * CONFIG is made by whoever first writes to it.
 * @throws MoleError `denied` or `not-available`.
 */
export const ensurePaths = async (paths: Paths): Promise<void> => {
  assertSocketPathsFit(paths.runtime)
  await makePrivateDirectory(paths.runtime)
  await makePrivateDirectory(paths.state)
}

/** Whether this is the built program (`dist/`), or the TypeScript sources run directly. */
export const isBuilt = !import.meta.url.endsWith('.ts')

const isPackage = (directory: string): boolean => {
  const file = join(directory, 'package.json')
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'cloud-mole'
}

/** The directory of our package.json, found by walking up; `resources/`, `helper/` and `dist/` lie below it. */
export const packageRoot = (): string => {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!isPackage(directory)) {
    const parent = dirname(directory)
    if (parent === directory)
      throw new MoleError('internal', 'The installation is incomplete: package.json of cloud-mole was not found.')
    directory = parent
  }
  return directory
}

/** The entry file of one of our programs: its source, or its bundle when built. */
export const entryPoint = (program: 'helper' | 'cli'): string =>
  join(packageRoot(), isBuilt ? 'dist' : '', program, isBuilt ? 'main.js' : 'main.ts')
