import type { Engine, World } from './world.ts'

/** Ends the engine and waits until its process is gone, so that nothing of ours is left running. Tunnels stay up. */
export const stopEngine = async (world: World, engine: Engine): Promise<void> => {
  const { pid } = await engine.call('engine.hello', {})
  // The answer may be overtaken by the end of the connection; the end is what counts.
  await engine.call('engine.stop', {}).catch(() => {})
  await engine.closed
  await world.awaitExit(pid)
}
