import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Paths, resolvePaths } from '../../paths.ts'

/** A user's directories, of which none is there yet but the home. */
export type Home = {
  readonly paths: Paths
  /** Where the profiles will be. */
  readonly profiles: string
  /** For a process that shall see the same directories. */
  readonly environment: NodeJS.ProcessEnv
  remove(): Promise<void>
}

export const makeHome = async (): Promise<Home> => {
  const directory = await mkdtemp(join(tmpdir(), 'mole-'))
  const environment = { HOME: directory, XDG_RUNTIME_DIR: directory }
  const paths = resolvePaths(environment)
  return {
    paths,
    profiles: join(paths.config, 'profiles'),
    environment,
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
