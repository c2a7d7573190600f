import { MoleError } from '../../contract/errors.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { outcomeOf } from '../act-outcome.ts'
import { cancelOnInterrupt, leftBehind } from '../cancel-on-interrupt.ts'
import type { ExitCode } from '../exit-codes.ts'
import { followAct } from '../follow-act.ts'
import { type PlanOptions, planFrom } from '../plan-options.ts'
import { renderSummary } from '../render-deployment.ts'
import { renderReview } from '../render-review.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { Engine, World } from '../world.ts'

type Options = PlanOptions & { readonly yes?: boolean }

const EXAMPLES = [
  'mole up --target lab --tunnels 4          # shows what would be made, and asks',
  'mole up --target lab --tunnels 4 --yes --json',
  'mole up --file plan.yaml --tunnels 8      # options win over the file',
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

const deploy = async (world: World, report: Report, engine: Engine, plan: DeploymentPlan): Promise<ExitCode> => {
  const interruption = cancelOnInterrupt(world, report, engine)
  try {
    await engine.call('deployment.deploy', { plan })
    interruption.repeat()
    const view = await followAct(world, report, engine, interruption.signal)
    const { exit, problem } = outcomeOf(view, 'connected')
    if (problem === null) report.result({ deployment: view }, renderSummary(view, Date.now(), world.hasColour))
    else report.failure(problem, { deployment: view })
    return exit
  } catch (error) {
    if (interruption.signal.aborted) throw leftBehind()
    throw error
  } finally {
    interruption.stop()
  }
}

/** `mole up`: reviews a plan, makes it, and shows each step. */
export const addUp: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('up')
    .summary('make a bundle of tunnels')
    .description(
      'Shows what a plan would make and for how much, asks, and makes it. Where the plan is up already it is repaired, or its number of tunnels changed.\nCtrl-C cancels and takes back what was made; the tunnels live on when this command has ended.',
    )
    .option('-f, --file <plan.yaml>', 'read the plan from a YAML file; options win over it')
    .option('--target <target>', 'where the far end is: lab (on this machine, free) or aws')
    .option('--tunnels <n>', 'number of tunnels, 1 to 8 (default 4)')
    .option('--path-rate <rate>', "lab: rate of each tunnel's internet path, such as 200M or 1.5G (default 200M)")
    .option('--base-cidr <cidr>', 'addresses inside the tunnels, a /16 (default 10.100.0.0/16)')
    .option('--private-cidr <cidr>', 'private network at the far end (default 10.200.0.0/24)')
    .option('--mtu <bytes>', 'MTU inside the tunnels, 1280 to 8940 (default 1420)')
    .option('--yes', 'do not ask')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const plan = await planFrom(world, options)
    const isSure = options.yes === true
    if (!isSure && !world.isInteractive) throw cannotAsk()
    const engine = await world.engine.findOrStart()
    await confirmPlan(world, report, engine, plan, isSure)
    return deploy(world, report, engine, plan)
  })
}
