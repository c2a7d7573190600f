import { outcomeOf } from '../act-outcome.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { followAct } from '../follow-act.ts'
import type { Report } from '../report.ts'
import { stopEngine } from '../stop-engine.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { Engine, World } from '../world.ts'

const EXAMPLES = ['mole down', 'mole down --json']

const CLEAN = 'Nothing is deployed, and nothing is left.'

const teardown = async (world: World, report: Report, engine: Engine): Promise<ExitCode> => {
  await engine.call('deployment.teardown', {})
  const view = await followAct(world, report, engine)
  const { exit, problem } = outcomeOf(view, 'none')
  if (problem === null) report.result({ deployment: view }, CLEAN)
  else report.failure(problem, { deployment: view })
  return exit
}

/** An engine started only to clean up goes when it is done, so that no process of ours stays. */
const teardownAlone = async (world: World, report: Report): Promise<ExitCode> => {
  const engine = await world.engine.findOrStart()
  const exit = await teardown(world, report, engine)
  if (exit === EXIT.ok) await stopEngine(world, engine)
  return exit
}

/** `mole down`: takes everything away and proves that nothing is left. */
export const addDown: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('down')
    .summary('take everything away')
    .description(
      'Takes down the tunnels and everything that was made for them, here and at the far end, and checks that nothing is left.\nIt can be given again after anything went wrong, as often as you like.',
    )
  finishVerb(command, toolbox, EXAMPLES, async (report) => {
    const running = await world.engine.find()
    if (running !== null) return teardown(world, report, running)
    if (await world.engine.isAnythingLeft()) return teardownAlone(world, report)
    report.result({ deployment: null }, CLEAN)
    return EXIT.ok
  })
}
