import type { DeploymentView } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import type { Report } from './report.ts'
import { openStepProgress } from './step-progress.ts'
import type { Engine, World } from './world.ts'

const engineLeft = (cause?: unknown): MoleError =>
  new MoleError(
    'engine-unreachable',
    'The engine went away in the middle of it.',
    {
      field: 'engine',
      meaning: 'What was begun is on record; tunnels that were up are still up.',
      nextStep: 'Give the same command again: it goes on from there. Or "mole down" takes everything away.',
    },
    { cause },
  )

const isDisconnection = (error: unknown): boolean => error instanceof MoleError && error.code === 'disconnected'

/**
 * Shows the running act until it ends, and gives the view it ended with.
 * @throws MoleError `cancelled` when `signal` aborts (the act goes on), `engine-unreachable` when the engine goes.
 */
export const followAct = async (
  world: World,
  report: Report,
  engine: Engine,
  signal?: AbortSignal,
): Promise<DeploymentView> => {
  const progress = openStepProgress(world, report.isQuiet)
  try {
    for await (const view of engine.stream('deployment.watch', {}, signal === undefined ? {} : { signal })) {
      if (view.act !== null) progress.show(view.act)
      if (view.act?.state !== 'running') return view
    }
  } catch (error) {
    throw isDisconnection(error) ? engineLeft(error) : error
  } finally {
    progress.end()
  }
  throw engineLeft()
}
