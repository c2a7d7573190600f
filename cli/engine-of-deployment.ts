import { MoleError } from '../contract/errors.ts'
import type { Engine, World } from './world.ts'

const nothingDeployed = (): MoleError =>
  new MoleError('conflict', 'Nothing is deployed.', {
    field: 'deployment',
    meaning: 'There are no tunnels to work on.',
    nextStep: 'Make some first: mole up --target lab',
  })

/**
 * The engine that holds the deployment; one is started where a deployment is on record but no engine runs.
 * @throws MoleError `conflict` when nothing is deployed, without starting anything.
 */
export const engineOfDeployment = async (world: World): Promise<Engine> => {
  const running = await world.engine.find()
  if (running !== null) return running
  if (!(await world.engine.isAnythingLeft())) throw nothingDeployed()
  return world.engine.findOrStart()
}
