import type { CloudProvider, Whose } from '../cloud/provider.ts'

/** Everything that is still there, in the cloud and on this host, named; `[]` is the proof of a clean teardown. */
export const observeLeftovers = async (provider: CloudProvider, whose: Whose | null): Promise<readonly string[]> => {
  const left = await provider.leftovers(whose)
  // Of the lab the provider itself tells: its world is both.
  const isHeld = provider.id !== 'lab' && (await provider.host.lives())
  return isHeld ? [...left, 'tunnels on this host'] : left
}
