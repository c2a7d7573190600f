import { z } from 'zod'
import type { DeploymentView } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { outcomeOf } from '../act-outcome.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { firstEvent } from '../first-event.ts'
import { followAct } from '../follow-act.ts'
import { renderAutoscale } from '../render-autoscale.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Engine } from '../world.ts'

const SHOWN = '10'
const Count = z.int().min(0).max(100)

const nothingUp = (): MoleError =>
  new MoleError('conflict', 'Nothing is deployed.', {
    field: 'deployment',
    meaning: 'There are no tunnels to scale.',
    nextStep: 'Make some first: mole up --target lab',
  })

/** @throws MoleError `conflict` when nothing is up. */
const planUp = async (engine: Engine): Promise<DeploymentPlan> => {
  const view: DeploymentView | null = await firstEvent(engine.stream('deployment.watch', {}))
  if (view === null || view.plan === null || view.connectedAtMs === null) throw nothingUp()
  return view.plan
}

const WORDS = {
  on: {
    enabled: true,
    summary: 'have the number of tunnels follow the load',
    description:
      'From now on tunnels are added and removed by what is measured, for as long as this deployment is up. To have it so from the start set scaling.enable in the profile or configuration.',
    done: ({ minTunnels, maxTunnels }: DeploymentPlan): string =>
      `The deployment scales by itself from now on, from ${minTunnels} to ${maxTunnels} tunnels.`,
  },
  off: {
    enabled: false,
    summary: 'leave the number of tunnels as it is',
    description: 'From now on the number of tunnels changes only when somebody asks for it.',
    done: ({ tunnels }: DeploymentPlan): string => `The deployment stays at ${tunnels} tunnels until you change it.`,
  },
} as const

const addSwitch =
  (name: keyof typeof WORDS): AddVerb =>
  (group, toolbox) => {
    const { world } = toolbox
    const { enabled, summary, description, done } = WORDS[name]
    const command = group.command(name).summary(summary).description(description)
    finishVerb(command, toolbox, [`mole autoscale ${name}`], async (report) => {
      const engine = await engineOfDeployment(world)
      const { autoscale } = await planUp(engine)
      await engine.call('deployment.adjust', { autoscale: { ...autoscale, enabled } })
      const view = await followAct(world, report, engine)
      const { exit, problem } = outcomeOf(view, 'connected')
      // A bundle that is not whole is switched all the same.
      const isSwitched = view.act?.state === 'done' && view.plan?.autoscale.enabled === enabled
      if (problem !== null && !isSwitched) {
        report.failure(problem, { deployment: view })
        return exit
      }
      if (view.plan === null) throw nothingUp()
      report.result({ autoscale: view.plan.autoscale }, done(view.plan))
      return EXIT.ok
    })
  }

/** `mole autoscale on`: the number of tunnels follows the load. */
export const addAutoscaleOn: AddVerb = addSwitch('on')
/** `mole autoscale off`: it does not. */
export const addAutoscaleOff: AddVerb = addSwitch('off')

/** `mole autoscale status`: thresholds, load, and what was decided and why. */
export const addAutoscaleStatus: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('status')
    .summary('show thresholds, load, and the latest decisions with their reasons')
    .description(
      'Shows by which thresholds the number of tunnels changes, how loaded the bundle is and how that was measured, and the latest decisions, each with its reason and what came of it.',
    )
    .option('--decisions <n>', 'so many decisions, the newest first', SHOWN)
  const examples = ['mole autoscale status', 'mole autoscale status --json | jq ".autoscale.decisions[0].reason"']
  finishVerb<{ readonly decisions: string }>(command, toolbox, examples, async (report, options) => {
    const most = parseNumber(Count, options.decisions, '--decisions')
    const engine = await engineOfDeployment(world)
    const plan = await planUp(engine)
    const autoscale = await firstEvent(engine.stream('autoscale.watch', {}))
    if (autoscale === null) throw nothingUp()
    const decisions = autoscale.decisions.slice(0, most)
    report.result({ autoscale: { ...autoscale, decisions } }, renderAutoscale(autoscale, plan, Date.now(), most))
    return EXIT.ok
  })
}
