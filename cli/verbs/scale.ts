import { MoleError } from '../../contract/errors.ts'
import { bastionCount, DeploymentPlan, MAX_BASTIONS, MAX_TUNNELS_PER_BASTION } from '../../domain/tunnel-plan.ts'
import { outcomeOf } from '../act-outcome.ts'
import { confirmed, showReview } from '../confirm-plan.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { firstEvent } from '../first-event.ts'
import { followAct } from '../follow-act.ts'
import { renderSummary } from '../render-deployment.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Engine, World } from '../world.ts'

type Options = { readonly tunnels?: string; readonly bastions?: string; readonly yes?: boolean }

/** `null` leaves them as they are. */
type Wanted = { readonly tunnels: number | null; readonly bastions: number | null }

const EXAMPLES = ['mole scale --tunnels 8', 'mole scale --bastions 2', 'mole scale --tunnels 2 --json']

const UNCHANGED = 'Nothing was changed.'

const nothingAsked = (): MoleError =>
  new MoleError('bad-input', 'Neither --tunnels nor --bastions was given.', {
    field: '--tunnels',
    meaning: UNCHANGED,
    nextStep: 'Say how many: mole scale --tunnels N',
  })

const outOfRange = (tunnels: number, { minTunnels, maxTunnels, target }: DeploymentPlan): MoleError =>
  new MoleError('bad-input', `--tunnels ${tunnels}: must be from ${minTunnels} to ${maxTunnels}`, {
    field: '--tunnels',
    meaning: `That is the range the ${target} deployment was made with. Nothing was changed.`,
    nextStep:
      'To change it: set tunnel.min_tunnels or tunnel.max_tunnels in the profile or configuration, and "mole up" or "mole connect" again.',
  })

const parseWanted = ({ tunnels, bastions }: Options): Wanted => {
  if (tunnels === undefined && bastions === undefined) throw nothingAsked()
  const { shape } = DeploymentPlan
  return {
    tunnels: tunnels === undefined ? null : parseNumber(shape.tunnels.unwrap(), tunnels, '--tunnels'),
    bastions: bastions === undefined ? null : parseNumber(shape.bastions.unwrap(), bastions, '--bastions'),
  }
}

/** The engine judges too; here the words are those of the option. @throws MoleError `bad-input`. */
const scaledPlan = (plan: DeploymentPlan, { tunnels, bastions }: Wanted): DeploymentPlan => {
  if (tunnels !== null && (tunnels < plan.minTunnels || tunnels > plan.maxTunnels)) throw outOfRange(tunnels, plan)
  const count = tunnels ?? Math.max(plan.tunnels, bastions ?? 0)
  const scaled = DeploymentPlan.safeParse({
    ...plan,
    tunnels: count,
    bastions: bastions ?? Math.min(plan.bastions, Math.max(1, count)),
  })
  if (scaled.success) return scaled.data
  const [issue] = scaled.error.issues
  throw new MoleError('bad-input', `${bastions === null ? '--tunnels' : '--bastions'}: ${issue?.message}`, {
    field: bastions === null ? '--tunnels' : '--bastions',
    meaning: UNCHANGED,
    nextStep: `One bastion carries 1 to ${MAX_TUNNELS_PER_BASTION} tunnels; there are at most ${MAX_BASTIONS}.`,
  })
}

/** More instances cost more: what there will be is shown, and asked, as by "mole up". */
const confirmMore = async (world: World, report: Report, engine: Engine, wanted: Wanted, isSure: boolean) => {
  const plan = (await firstEvent(engine.stream('deployment.watch', {})))?.plan ?? null
  if (plan === null) return
  const scaled = scaledPlan(plan, wanted)
  if (plan.aws === null || bastionCount(scaled) <= bastionCount(plan)) return
  await showReview(report, engine, scaled, null)
  await confirmed(world, `Go from ${bastionCount(plan)} to ${bastionCount(scaled)} bastions?`, isSure, UNCHANGED)
}

/** `mole scale`: changes the number of tunnels and bastions while they carry traffic. */
export const addScale: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('scale')
    .summary('change the number of tunnels and bastions')
    .description(
      'Changes the number of tunnels of the deployment that is up, and of the bastions they are spread over. Flows on the tunnels that stay go on.\nTo have the number follow the load: mole autoscale on\nWhere AWS instances are added it shows what there will be and what it costs, and asks.',
    )
    .option('--tunnels <n>', "number of tunnels wanted, within the deployment's own range; one bastion carries 1 to 8")
    .option('--bastions <n>', 'fewest bastions wanted, 1 to 8; there are more where the tunnels need them')
    .option('--yes', 'do not ask')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const wanted = parseWanted(options)
    const engine = await engineOfDeployment(world)
    await confirmMore(world, report, engine, wanted, options.yes === true)
    await engine.call('deployment.scale', wanted)
    const view = await followAct(world, report, engine)
    const { exit, problem } = outcomeOf(view, 'connected')
    if (problem === null) report.result({ deployment: view }, renderSummary(view, Date.now(), world.hasColour))
    else report.failure(problem, { deployment: view })
    return exit
  })
}
