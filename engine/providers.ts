import { labProvider } from './cloud/lab/provider.ts'
import type { CloudProvider } from './cloud/provider.ts'
import { entryPoint, type Paths } from './paths.ts'

/** Inside Electron our own binary is Electron: told so, it is Node and nothing else. */
const nodeEnvironment = (): Readonly<Record<string, string>> =>
  process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }

/** The clouds of this version. */
export const makeProviders = (paths: Paths): readonly CloudProvider[] => [
  labProvider({
    directory: paths.lab,
    program: { node: process.execPath, entry: entryPoint('helper'), env: nodeEnvironment() },
  }),
]
