import { MoleError } from '../../contract/errors.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { confirmed, showReview } from '../confirm-plan.ts'
import { deploy } from '../deploy.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Report } from '../report.ts'
import type { Engine, World } from '../world.ts'
import type { TerraformProgram } from './find-terraform.ts'

type Order = {
  readonly plan: DeploymentPlan
  readonly profile: string | null
  readonly isSure: boolean
  readonly program: TerraformProgram
}

type Prepared = { readonly program: string; readonly directory: string; readonly deployment: string }

/** Terraform is not asked about its own updates, and never asks anybody anything. */
const ENVIRONMENT = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' }

const PLAN_FILE = 'mole.tfplan'

const onlyForAws = (): MoleError =>
  new MoleError('bad-input', '--via terraform is for the target aws.', {
    field: '--via',
    meaning: 'There is nothing in the lab that Terraform could make. Nothing was made.',
    nextStep: 'Leave out --via, or give --target aws.',
  })

const noProgram = (wanted: TerraformProgram): MoleError =>
  new MoleError('missing-program', `There is no ${wanted === 'tofu' ? 'tofu' : 'terraform, and no tofu,'} on PATH.`, {
    field: '--via',
    meaning: 'Nothing was made.',
    nextStep:
      'Install Terraform (developer.hashicorp.com/terraform/install) or OpenTofu (opentofu.org/docs/intro/install), or leave out --via: Cloud Mole makes the bastions itself.',
  })

const failed = (verb: string, code: number, { directory, deployment, program }: Prepared): MoleError => {
  const isApply = verb === 'apply'
  return new MoleError('interrupted', `"terraform ${verb}" ended with code ${code}; its own words are above.`, {
    field: `terraform ${verb}`,
    meaning: isApply
      ? `What it made so far is in its state in ${directory} and carries the tag of ${deployment}: nothing is lost, and it may cost money.`
      : 'Nothing was made.',
    nextStep: isApply
      ? `Mend what it complains of and give the same command again: it goes on from there. To take it back: ${program} -chdir=${directory} destroy`
      : 'Mend what it complains of, and give the same command again.',
  })
}

/** Its words go to stderr: stdout is for what comes of the command. */
const run = async (world: World, prepared: Prepared, argv: readonly [string, ...string[]]): Promise<void> => {
  const { program, directory } = prepared
  const code = await world.runHere(program, [`-chdir=${directory}`, ...argv], ENVIRONMENT, 'stderr')
  if (code !== EXIT.ok) throw failed(argv[0], code, prepared)
}

/** Forgets what was prepared where nothing of it was applied; what is up already stays as it is. */
const discard = async (engine: Engine, { deployment }: Prepared): Promise<void> =>
  void (await engine.call('terraform.discard', { deployment }).catch(() => undefined))

const planAndAsk = async (world: World, engine: Engine, prepared: Prepared, isSure: boolean): Promise<void> => {
  try {
    await run(world, prepared, ['init', '-input=false'])
    await run(world, prepared, ['plan', '-input=false', `-out=${PLAN_FILE}`])
    await confirmed(world, 'Have Terraform make it?', isSure)
  } catch (error) {
    await discard(engine, prepared)
    throw error
  }
}

/**
 * `mole up --via terraform`: Terraform makes what is to be in the cloud, with its plan shown first; then the engine takes
 * the tagged instances for its bastions and makes the tunnels.
 * @throws MoleError `missing-program`, `bad-input`, `interrupted` when Terraform fails, and what the engine throws.
 */
export const upViaTerraform = async (world: World, report: Report, order: Order): Promise<ExitCode> => {
  const { plan, profile, isSure } = order
  if (plan.target !== 'aws') throw onlyForAws()
  const program = world.findTerraform(order.program)
  if (program === null) throw noProgram(order.program)
  const engine = await world.engine.findOrStart()
  await showReview(report, engine, plan, profile)
  const prepared = { program, ...(await engine.call('terraform.prepare', { plan, program })) }
  report.note(`${program} works in ${prepared.directory}`)
  await planAndAsk(world, engine, prepared, isSure)
  await run(world, prepared, ['apply', '-input=false', PLAN_FILE])
  return deploy(world, report, engine, { plan, profile, id: prepared.deployment })
}
