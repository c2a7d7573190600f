import { labProvider } from './cloud/lab/provider.ts'
import type { CloudProvider } from './cloud/provider.ts'
import { helperProgram } from './host/helper-program.ts'
import type { Paths } from './paths.ts'

/** The clouds of this version. */
export const makeProviders = (paths: Paths): readonly CloudProvider[] => [
  labProvider({ directory: paths.lab, program: helperProgram() }),
]
