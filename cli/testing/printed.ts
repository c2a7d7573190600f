import { runCommandLine } from '../run.ts'
import { fakeWorld } from './fake-world.ts'

/** What `mole ARGV` prints on stdout, where it needs no engine. */
export const printed = async (...argv: readonly string[]): Promise<string> => {
  const world = fakeWorld(null)
  await runCommandLine(argv, world, '1.2.3')
  return world.out.join('')
}
