import { MoleError } from '../../contract/errors.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { addConfigOptions, type ConfigOptions, configRequestOf } from '../config-request.ts'
import { deploy } from '../deploy.ts'
import { notInThisVersion } from '../not-in-this-version.ts'
import { planOfRequest } from '../plan-of-request.ts'
import { renderReview } from '../render-review.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { Engine, World } from '../world.ts'

type Options = ConfigOptions & { readonly yes?: boolean; readonly autoOptimize?: boolean }

const EXAMPLES = [
  'mole up --target lab --tunnels 4          # shows what would be made, and asks',
  'mole up --target lab --tunnels 4 --yes --json',
  'mole up --profile research-vpc --tunnels 2   # a saved profile; options win over it',
  'mole up --file research.yaml              # a configuration document in its place',
]

const cannotAsk = (): MoleError =>
  new MoleError('bad-input', 'There is no terminal to ask you on, and --yes was not given.', {
    field: '--yes',
    meaning: 'Nothing was made.',
    nextStep: 'Look at the plan on a terminal, or add --yes to make it without being asked.',
  })

const declined = (): MoleError =>
  new MoleError('cancelled', 'Not confirmed.', {
    meaning: 'Nothing was made.',
    nextStep: 'Give the command again when ready.',
  })

const noAutoOptimize = (): MoleError =>
  notInThisVersion('"mole up --auto-optimize"', {
    field: '--auto-optimize',
    meaning: 'It needs a probe of the network, which this version does not have. Nothing was made.',
    nextStep:
      'Choose yourself: mole up --tunnels N --mtu BYTES. "mole lab traffic" then measures what the tunnels carry.',
  })

const noAws = (): MoleError =>
  notInThisVersion('The target aws', {
    field: 'target',
    meaning: 'This version deploys in the local lab only; nothing was made.',
    nextStep: 'The lab needs no account: mole up --target lab',
  })

/** Shows the review and, where nobody said yes beforehand, asks. @throws MoleError `cancelled` when refused. */
const confirmPlan = async (
  world: World,
  report: Report,
  engine: Engine,
  plan: DeploymentPlan,
  isSure: boolean,
): Promise<void> => {
  const review = await engine.call('deployment.review', { plan })
  report.note(renderReview(review))
  if (isSure) return
  if ((await world.confirm('Make it?')) !== true) throw declined()
}

/** `mole up`: reviews a plan, makes it, and shows each step. */
export const addUp: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('up')
    .summary('make a bundle of tunnels')
    .description(
      'Shows what a plan would make and for how much, asks, and makes it. Where the plan is up already it is repaired, or its number of tunnels changed.\nThe plan comes from your configuration, a profile or a document, and these options, which win; "mole config show" tells.\nCtrl-C cancels and takes back what was made; the tunnels and the engine live on when this command has ended.',
    )
    .option('--yes', 'do not ask')
  addConfigOptions(command)
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const { yes: isSure = false, ...asked } = options
    const request = await configRequestOf(world, asked)
    if (asked.autoOptimize === true) throw noAutoOptimize()
    const plan = await planOfRequest(world, report, request)
    if (!isSure && !world.isInteractive) throw plan.target === 'aws' ? noAws() : cannotAsk()
    const engine = await world.engine.findOrStart()
    await confirmPlan(world, report, engine, plan, isSure)
    return deploy(world, report, engine, { plan, profile: request.profile ?? null })
  })
}
