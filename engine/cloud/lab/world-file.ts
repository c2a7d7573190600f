import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { identityOf, startTimeOf } from './processes.ts'

/** The first process of a lab world, as the world itself wrote it down. */
export const World = z.strictObject({
  version: z.literal(1),
  /** As seen outside the world. */
  pid: z.int().min(2),
  /** Clock ticks since boot (`proc_pid_stat(5)`): with the pid it names one process for good. */
  startTime: z.int().min(0),
})
export type World = z.infer<typeof World>

/** Reads the text of world.json; `null` when it is not one. */
export const parseWorld = (text: string): World | null => {
  try {
    return World.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** A first process that is dying has given its namespaces back already, even if the kernel still waits for its children. */
const isAlive = async ({ pid, startTime }: World): Promise<boolean> =>
  (await startTimeOf(pid)) === startTime && (await identityOf(`/proc/${pid}/ns/net`)) !== null

/** The world of `directory`, if it is alive. */
export const findWorld = async (directory: string): Promise<World | null> => {
  const world = parseWorld(await readFile(join(directory, 'world.json'), 'utf8').catch(() => ''))
  return world !== null && (await isAlive(world)) ? world : null
}
