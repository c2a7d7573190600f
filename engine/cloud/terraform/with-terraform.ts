import type { CloudProvider } from '../provider.ts'
import { destroy } from './destroy.ts'
import { type RunTerraform, runTerraform } from './run-terraform.ts'
import { openWorkspaces } from './workspaces.ts'

/**
 * The provider, for deployments too whose bastions Terraform has made: those are taken away by Terraform first, so that
 * its state says what is true; and then, whatever Terraform could do, by their tags.
 * @param root directory of Terraform's workspaces
 */
export const withTerraform = (
  provider: CloudProvider,
  root: string,
  run: RunTerraform = runTerraform,
): CloudProvider => {
  const workspaces = openWorkspaces(root)
  return {
    ...provider,
    remove: async (whose, tell, signal) => {
      const workspace = await workspaces.find(whose.id)
      if (workspace !== null && !(await destroy(run, workspace, tell, signal)))
        tell('terraform: could not take it away; going on by the tags')
      await provider.remove(whose, tell, signal)
      if (workspace !== null) await workspaces.remove(whose.id)
    },
  }
}
