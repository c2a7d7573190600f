import { ensureHelperAt, type HelperProgram } from '../../host/start-helper.ts'
import type { HelperClient } from '../provider.ts'
import { argumentsOf, endProcesses, identityOf, wakeProcesses } from './processes.ts'
import { enterNamespaces, LAB_ENVIRONMENT, mustFindProgram } from './programs.ts'
import type { World } from './world-file.ts'

/** The helper itself, in the world; its `nsenter`, outside, has the same arguments. */
const isHelperOf =
  (directory: string, processes: string) =>
  async (pid: number): Promise<boolean> => {
    const argv = await argumentsOf(pid)
    return argv.includes('serve') && argv.includes(directory) && (await identityOf(`/proc/${pid}/ns/pid`)) === processes
  }

const END_LIMIT_MS = 2000

/** Ends a helper that hangs. Its journal was made for dying at any moment. */
const endHelper = async (directory: string, world: World): Promise<void> => {
  const [processes, users] = await Promise.all(
    ['pid', 'user'].map((kind) => identityOf(`/proc/${world.pid}/ns/${kind}`)),
  )
  if (processes == null || users == null) return
  await endProcesses(isHelperOf(directory, processes), END_LIMIT_MS)
  // Where the helper was stopped, its nsenter has stopped itself along with it.
  await wakeProcesses(async (pid) => (await identityOf(`/proc/${pid}/ns/user`)) === users)
}

/**
 * Connects to the helper of the world, starting it in there when none answers.
 * @throws MoleError `helper-unreachable`, `missing-program`, or the signal's reason.
 */
export const ensureHelper = async (
  directory: string,
  world: World,
  { node, entry, env }: HelperProgram,
  signal: AbortSignal,
): Promise<HelperClient> => {
  const serve = [node, entry, 'serve', '--directory', directory, '--lab']
  const place = {
    directory,
    name: 'The lab’s helper',
    command: [await mustFindProgram('nsenter'), ...enterNamespaces(world.pid), ...serve],
    env: { ...LAB_ENVIRONMENT, ...env },
    nextStep:
      'Try again. If it happens again, "mole doctor" tells what this machine lacks, and "mole down" ends the lab.',
    end: () => endHelper(directory, world),
  } as const
  return ensureHelperAt(place, signal)
}
