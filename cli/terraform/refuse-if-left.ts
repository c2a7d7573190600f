import { MoleError } from '../../contract/errors.ts'
import type { World } from '../world.ts'

const left = (deployment: string, directory: string, program: string): MoleError =>
  new MoleError('drift', `Terraform still holds what it made for ${deployment}.`, {
    field: deployment,
    meaning:
      'It was made by "mole up --via terraform", which did not come to its end; it may cost money. Everything else is taken away.',
    nextStep: `${program} -chdir=${directory} destroy; or, by its tag: mole down --cleanup-all. To go on with it: mole up --via terraform`,
  })

/**
 * What Terraform has made and no deployment took over is not "nothing left". `removed`: deployments whose resources were
 * just taken away by their tags, of which Terraform's state is no longer true.
 * @throws MoleError `drift` naming the first that is left
 */
export const refuseIfTerraformHolds = async ({ terraform }: World, removed: readonly string[]): Promise<void> => {
  for (const deployment of await terraform.list()) {
    const workspace = await terraform.find(deployment)
    if (workspace === null || !(await terraform.holdsState(deployment))) continue
    if (!removed.includes(deployment)) throw left(deployment, workspace.directory, workspace.program)
    await terraform.remove(deployment)
  }
}
