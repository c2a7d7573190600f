import type { AutoscaleView, DeploymentView, TelemetrySample } from '../../contract/app.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { firstEvent } from '../first-event.ts'
import { renderAutoscaleLine } from '../render-autoscale.ts'
import { renderDeployment } from '../render-deployment.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { Engine, World } from '../world.ts'

const EXAMPLES = ['mole status', 'mole status --json | jq -r .deployment.phase']

const BROKEN: readonly DeploymentView['phase'][] = ['degraded', 'failed', 'detached']

/** The newest sample, `null` when none was taken yet. */
const latestSample = async (engine: Engine): Promise<TelemetrySample | null> => {
  const event = await firstEvent(engine.stream('telemetry.watch', { historySeconds: 5 }))
  if (event === null) return null
  return event.kind === 'sample' ? event.sample : (event.samples.at(-1) ?? null)
}

/** How it scales by itself; `null` where it does not. */
const autoscaleOf = async (engine: Engine, { plan }: DeploymentView): Promise<AutoscaleView | null> =>
  plan?.autoscale.enabled === true ? firstEvent(engine.stream('autoscale.watch', {})) : null

const nothing = (report: Report): ExitCode => {
  report.result(
    { engine: null, deployment: null, telemetry: null, autoscale: null },
    'Nothing is deployed, and no engine is running.\nTo begin: mole up --target lab',
  )
  return EXIT.ok
}

const showStatus = async (world: World, report: Report, engine: Engine): Promise<ExitCode> => {
  const [hello, view, telemetry] = await Promise.all([
    engine.call('engine.hello', {}),
    firstEvent(engine.stream('deployment.watch', {})),
    latestSample(engine),
  ])
  if (view === null) return nothing(report)
  const autoscale = await autoscaleOf(engine, view)
  const shown = renderDeployment(view, telemetry, Date.now(), world.hasColour)
  report.result(
    { engine: hello, deployment: view, telemetry, autoscale },
    autoscale === null || view.plan === null ? shown : `${shown}\n\n${renderAutoscaleLine(autoscale, view.plan)}`,
  )
  return BROKEN.includes(view.phase) ? EXIT.failed : EXIT.ok
}

/** `mole status`: what is deployed, and how each tunnel does. */
export const addStatus: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('status')
    .summary('show what is deployed and how each tunnel does')
    .description(
      'Shows the deployment, its problem if it has one, and health, round trip, loss and rates of each tunnel.',
    )
  finishVerb(command, toolbox, EXAMPLES, async (report) => {
    const running = await world.engine.find()
    if (running !== null) return showStatus(world, report, running)
    if (!(await world.engine.isAnythingLeft())) return nothing(report)
    return showStatus(world, report, await world.engine.findOrStart())
  })
}
