import { MoleError } from '../../contract/errors.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { outcomeOf } from '../act-outcome.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { firstEvent } from '../first-event.ts'
import { followAct } from '../follow-act.ts'
import { renderSummary } from '../render-deployment.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Engine } from '../world.ts'

type Options = { readonly tunnels: string }

const EXAMPLES = ['mole scale --tunnels 8', 'mole scale --tunnels 2 --json']

const outOfRange = (tunnels: number, { minTunnels, maxTunnels, target }: DeploymentPlan): MoleError =>
  new MoleError('bad-input', `--tunnels ${tunnels}: must be from ${minTunnels} to ${maxTunnels}`, {
    field: '--tunnels',
    meaning: `That is the range the ${target} deployment was made with. Nothing was changed.`,
    nextStep:
      'To change it: set tunnel.min_tunnels or tunnel.max_tunnels in the profile or configuration, and "mole up" or "mole connect" again.',
  })

/** The engine judges too; here the words are those of the option. @throws MoleError `bad-input`. */
const assertInRange = async (engine: Engine, tunnels: number): Promise<void> => {
  const plan = (await firstEvent(engine.stream('deployment.watch', {})))?.plan ?? null
  if (plan !== null && (tunnels < plan.minTunnels || tunnels > plan.maxTunnels)) throw outOfRange(tunnels, plan)
}

/** `mole scale`: changes the number of tunnels while they carry traffic. */
export const addScale: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('scale')
    .summary('change the number of tunnels')
    .description('Changes the number of tunnels of the deployment that is up. Flows on the tunnels that stay go on.')
    .requiredOption('--tunnels <n>', "number of tunnels wanted, 1 to 8, within the deployment's own range")
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const tunnels = parseNumber(DeploymentPlan.shape.tunnels.unwrap(), options.tunnels, '--tunnels')
    const engine = await engineOfDeployment(world)
    await assertInRange(engine, tunnels)
    await engine.call('deployment.scale', { tunnels })
    const view = await followAct(world, report, engine)
    const { exit, problem } = outcomeOf(view, 'connected')
    if (problem === null) report.result({ deployment: view }, renderSummary(view, Date.now(), world.hasColour))
    else report.failure(problem, { deployment: view })
    return exit
  })
}
