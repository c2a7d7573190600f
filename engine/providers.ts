import { awsProvider } from './cloud/aws/provider.ts'
import { labProvider } from './cloud/lab/provider.ts'
import { withTerraform } from './cloud/terraform/with-terraform.ts'
import type { Environment } from './config/environment.ts'
import type { MakeProviders } from './engine.ts'
import { helperProgram } from './host/helper-program.ts'
import { hostAccess } from './host/host-access.ts'
import type { HelperProgram } from './host/start-helper.ts'
import type { Paths } from './paths.ts'

export type ProviderOptions = {
  readonly paths: Paths
  readonly environment: Environment
  /** How the helper is run; default: by this very Node. */
  readonly program?: HelperProgram
  /** Installs the helper with the person's consent, where there is a way to ask for it (the desktop application). */
  readonly install?: () => Promise<void>
}

/** The clouds of this version. The lab comes first: it is the one that needs nothing. */
export const makeProviders =
  ({ paths, environment, program = helperProgram(), install }: ProviderOptions): MakeProviders =>
  (prices) => {
    const host = hostAccess({ directory: paths.host, program, ...(install === undefined ? {} : { install }) })
    const aws = withTerraform(awsProvider({ host, environment, prices }), paths.terraform)
    return [labProvider({ directory: paths.lab, program }), aws]
  }
