import type { AppContract } from '../contract/app.ts'
import type { Client } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'

const engineLeft = (): MoleError =>
  new MoleError('engine-unreachable', 'The engine went away while it was disconnecting.', {
    meaning: 'Something may be left.',
    nextStep: 'Start Cloud Mole again, or run: mole down',
  })

/**
 * Takes the tunnels down and waits until that is proven.
 * @throws MoleError with the teardown's own problem when something is left.
 */
export const disconnect = async (client: Client<AppContract>): Promise<void> => {
  await client.call('deployment.teardown', {})
  for await (const { act, problem } of client.stream('deployment.watch', {})) {
    if (act?.state === 'running') continue
    if (act?.state === 'done' || problem === null) return
    throw new MoleError(problem.code, problem.message, problem.data)
  }
  throw engineLeft()
}
