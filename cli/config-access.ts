import { loadConfig } from '../engine/config/load.ts'
import type { Paths } from '../engine/paths.ts'
import type { ConfigAccess } from './world.ts'

/** The configuration as the user's files and this shell's variables make it. */
export const openConfigAccess = (paths: Paths, environment: NodeJS.ProcessEnv): ConfigAccess => ({
  load: ({ ignoresEnvironment, ...request }) =>
    loadConfig({ ...request, paths, environment: ignoresEnvironment === true ? {} : environment }),
})
