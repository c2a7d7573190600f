import type { Review } from '../../contract/app.ts'
import { chooseByProbe } from '../choose-by-probe.ts'
import { parseProfileName } from '../config-request.ts'
import { deploy } from '../deploy.ts'
import { orderOfRequest } from '../plan-of-request.ts'
import { renderReviewCost } from '../render-review.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { observeWhatIsUp, renderChange } from '../what-is-up.ts'

const EXAMPLES = ['mole connect research-vpc', 'mole connect research-vpc --json']

const counted = (tunnels: number): string => `${tunnels} ${tunnels === 1 ? 'tunnel' : 'tunnels'}`

const renderLine = (profile: string, review: Review): string =>
  `${profile}: ${review.plan.target}, ${counted(review.plan.tunnels)} to ${review.plan.privateCidr}. ${renderReviewCost(review)}`

/** `mole connect`: what a saved profile asks for, without a question. */
export const addConnect: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('connect')
    .summary('connect by a saved profile, without a question')
    .description(
      'Makes what a saved profile asks for, without a question. Starts the engine where none is running, and leaves it running. Where the plan is up already it is repaired.\nIt is "mole up --profile NAME --yes" with a review of one line; MOLE_* variables win over the profile. Where the profile says deployment.auto_optimize, the network is probed first.',
    )
    .argument('<name>', 'name of the profile, as "mole profiles" lists it')
  finishVerb(command, toolbox, EXAMPLES, async (report, _options, [operand = '']) => {
    const profile = parseProfileName(operand, '<name>')
    const { plan: asked, choosing } = await orderOfRequest(world, report, { profile })
    const engine = await world.engine.findOrStart()
    const order = { plan: asked, profile, isSure: true }
    const plan = choosing === null ? asked : await chooseByProbe(world, report, engine, order, choosing)
    const [review, up] = await Promise.all([engine.call('deployment.review', { plan }), observeWhatIsUp(engine)])
    report.note(up === null ? renderLine(profile, review) : renderChange(up, review, profile))
    return deploy(world, report, engine, { plan, profile })
  })
}
