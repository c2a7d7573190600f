import { outcomeOf } from '../act-outcome.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { followAct } from '../follow-act.ts'
import type { Report } from '../report.ts'
import { stopEngine } from '../stop-engine.ts'
import { type AddVerb, finishVerb, type Toolbox } from '../verb.ts'
import type { Engine, World } from '../world.ts'

type Options = { readonly force?: boolean; readonly cleanupAll?: boolean }

const EXAMPLES = [
  'mole down',
  'mole down --force --cleanup-all   # also what no record names, after anything went wrong',
  'mole down --json',
]

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

const takeDown = async ({ world }: Toolbox, report: Report, { cleanupAll = false }: Options): Promise<ExitCode> => {
  const running = await world.engine.find()
  if (running !== null) return teardown(world, report, running)
  // What has lost its record and its directory is only found by looking for its processes, which the engine does.
  if (cleanupAll || (await world.engine.isAnythingLeft())) return teardownAlone(world, report)
  report.result({ deployment: null }, CLEAN)
  return EXIT.ok
}

/** `mole down`: takes everything away and proves that nothing is left. */
export const addDown: AddVerb = (program, toolbox) => {
  const command = program
    .command('down')
    .summary('take everything away')
    .description(
      'Takes down the tunnels and everything that was made for them, here and at the far end, and checks that nothing is left. It never asks.\nIt can be given again after anything went wrong, as often as you like.',
    )
    .option('--force', 'ask nothing; it never asks, so this changes nothing')
    .option('--cleanup-all', 'look for and remove everything of ours, also what no record names any more')
  finishVerb<Options>(command, toolbox, EXAMPLES, (report, options) => takeDown(toolbox, report, options))
}

/** `mole disconnect`: the way back from `mole connect`. */
export const addDisconnect: AddVerb = (program, toolbox) => {
  const command = program
    .command('disconnect')
    .summary('take everything away, as "down"')
    .description(
      'The way back from "mole connect", and the same as "mole down": takes everything away and checks that nothing is left. The profile stays.',
    )
  finishVerb(command, toolbox, ['mole disconnect', 'mole disconnect --json'], (report) => takeDown(toolbox, report, {}))
}
