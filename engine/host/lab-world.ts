import { MoleError } from '../../contract/errors.ts'
import { findWorld } from '../cloud/lab/world-file.ts'

/** The first process of the running lab. @throws MoleError `not-found` when none runs. */
export const observeLabWorld = async (labDirectory: string): Promise<{ pid: number }> => {
  const world = await findWorld(labDirectory)
  if (world !== null) return { pid: world.pid }
  throw new MoleError('not-found', 'No lab is running.', {
    field: 'lab',
    meaning: 'There is no DTN to open a shell on.',
    nextStep: 'Start one: "mole up --target lab".',
  })
}
