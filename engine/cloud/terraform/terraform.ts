import type { AppContract } from '../../../contract/app.ts'
import type { Handlers } from '../../../contract/define.ts'
import { MoleError } from '../../../contract/errors.ts'
import { bastionCount, type DeploymentPlan, MAX_BASTIONS } from '../../../domain/tunnel-plan.ts'
import type { Cloud } from '../../deployment/deployment.ts'
import { newDeploymentId } from '../../deployment/identity.ts'
import type { StepHost } from '../../deployment/step.ts'
import { bootKeyNames, ensureHostKeys } from '../../deployment/steps/host-keys.ts'
import type { BastionSet } from './bastion-set.ts'
import { bootScriptParts } from './boot-script-parts.ts'
import { terraformFiles } from './files.ts'
import { openWorkspaces } from './workspaces.ts'

export type TerraformOptions = {
  /** Directory of Terraform's workspaces. */
  readonly root: string
  cloudOf(plan: DeploymentPlan): Cloud
  /** Id of the deployment this engine has up or half up; `null` when there is none. */
  idHere(): string | null
}

/** What the contract asks of Terraform. */
export type TerraformSide = Pick<Handlers<AppContract>, 'terraform.export' | 'terraform.prepare' | 'terraform.discard'>

const onlyForAws = (): MoleError =>
  new MoleError('bad-input', 'Terraform files are for the target aws.', {
    field: 'target',
    meaning: 'There is nothing in the lab that Terraform could make. Nothing was written.',
    nextStep: 'Ask for --target aws.',
  })

const notMadeByTerraform = (id: string): MoleError =>
  new MoleError('conflict', `${id} is up, and was not made by Terraform.`, {
    field: '--via',
    meaning: 'Terraform does not know its bastions and would make others beside them. Nothing was changed.',
    nextStep: 'Go on without --via, or take it down first: mole down',
  })

const numbers = (plan: DeploymentPlan): number[] => Array.from({ length: bastionCount(plan) }, (_, at) => at + 1)

const setOf = async (
  plan: DeploymentPlan,
  deployment: string,
  hostPublicKeys: BastionSet['hostPublicKeys'],
): Promise<BastionSet> => {
  const { aws } = plan
  if (aws === null) throw onlyForAws()
  const bootScripts = await Promise.all(numbers(plan).map((index) => bootScriptParts(plan, index)))
  return { plan: { ...plan, aws }, deployment, bootScripts, hostPublicKeys }
}

/**
 * Writes Terraform files of a plan: for people, or for `mole up --via terraform`, which runs Terraform itself and then
 * deploys with the id it was given.
 */
export const openTerraform = ({ root, cloudOf, idHere }: TerraformOptions): TerraformSide => {
  const workspaces = openWorkspaces(root)
  /** Where the keys of what was prepared are. */
  const hosts = new Map<string, StepHost>()

  /** Where what the plan leaves open cannot be looked up, Terraform looks it up, or asks. */
  const completeIfPossible = (plan: DeploymentPlan): Promise<DeploymentPlan> =>
    cloudOf(plan)
      .provider.complete(plan)
      .catch((error: unknown) => {
        if (error instanceof MoleError && error.code !== 'bad-input') return plan
        throw error
      })

  /** The one that is up; or one that was begun and not taken over; or a new one. */
  const deploymentOf = async (): Promise<string> => {
    const here = idHere()
    if (here === null) return (await workspaces.list())[0] ?? newDeploymentId('aws')
    if ((await workspaces.find(here)) === null) throw notMadeByTerraform(here)
    return here
  }

  return {
    'terraform.export': async ({ plan }) => {
      if (plan.aws === null) throw onlyForAws()
      return { files: terraformFiles(await setOf(await completeIfPossible(plan), newDeploymentId('aws'), null)) }
    },
    'terraform.prepare': async ({ plan: asked, program }, { signal }) => {
      if (asked.aws === null) throw onlyForAws()
      const deployment = await deploymentOf()
      const { provider, host } = cloudOf(asked)
      const plan = await provider.complete(asked)
      const helper = await host.ensure(signal)
      hosts.set(deployment, host)
      const keys: string[][] = []
      for (const index of numbers(plan)) keys.push(await ensureHostKeys(helper, deployment, index, signal))
      const files = terraformFiles(await setOf(plan, deployment, keys))
      return { deployment, directory: await workspaces.write(deployment, program, files) }
    },
    'terraform.discard': async ({ deployment }, { signal }) => {
      // What is up, or was applied, is not forgotten: "mole down" takes it away.
      if (deployment === idHere() || (await workspaces.find(deployment)) === null) return {}
      if (await workspaces.holdsState(deployment)) return {}
      await workspaces.remove(deployment)
      const names = Array.from({ length: MAX_BASTIONS }, (_, at) => bootKeyNames(deployment, at + 1)).flat()
      const helper = await hosts.get(deployment)?.find()
      await helper?.call('keys.forget', { names }, { signal })
      return {}
    },
  }
}
