import type { CloudProvider } from './cloud/provider.ts'
import type { Paths } from './paths.ts'

/** The clouds of this version. */
export const makeProviders = (_paths: Paths): readonly CloudProvider[] => []
