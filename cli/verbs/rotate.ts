import { appContract, type DeploymentView } from '../../contract/app.ts'
import { type Outcome, outcomeOf } from '../act-outcome.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { followAct } from '../follow-act.ts'
import { renderSummary } from '../render-deployment.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'

const Tunnel = appContract['lab.path'].input.shape.tunnel

const EXAMPLES = ['mole rotate', 'mole rotate 2 3', 'mole rotate --json']

/** What became of the keys, whatever else ails the deployment. */
const outcome = (view: DeploymentView): Outcome => {
  if (view.act?.state === 'done') return { exit: EXIT.ok, problem: null }
  const problem = view.act?.steps.find((step) => step.problem !== null)?.problem ?? null
  return outcomeOf({ ...view, problem: problem ?? view.problem }, 'connected')
}

/** `mole rotate`: new keys for tunnels that carry traffic. */
export const addRotate: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('rotate')
    .summary('give tunnels new keys, without losing a packet')
    .description(
      'Gives tunnels new keys at both ends, one after the other: the new ones carry before the old ones go. A tunnel whose new keys do not answer keeps those it has. By itself this is done at the age that tunnel.key_rotation says.',
    )
    .argument('[tunnel...]', 'numbers of tunnels, as in "mole status"; all where none is given')
  finishVerb(command, toolbox, EXAMPLES, async (report, _options, operands) => {
    const tunnels = operands.map((operand) => parseNumber(Tunnel, operand, '<tunnel>'))
    const engine = await engineOfDeployment(world)
    await engine.call('deployment.rotate', { tunnels: tunnels.length === 0 ? null : tunnels })
    const view = await followAct(world, report, engine)
    const { exit, problem } = outcome(view)
    if (problem === null) report.result({ deployment: view }, renderSummary(view, Date.now(), world.hasColour))
    else report.failure(problem, { deployment: view })
    return exit
  })
}
