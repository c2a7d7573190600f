import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'

const World = z.object({ pid: z.int().min(2), startTime: z.coerce.string() })

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)): it tells a process from a later one with the same pid. */
const startTimeOf = async (pid: number): Promise<string | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

const noLab = (): MoleError =>
  new MoleError('not-found', 'No lab is running.', {
    field: 'lab',
    meaning: 'There is no DTN to open a shell on.',
    nextStep: 'Start one: "mole up --target lab".',
  })

/** The first process of the running lab. @throws MoleError `not-found` when none runs. */
export const observeLabWorld = async (labDirectory: string): Promise<{ pid: number }> => {
  const text = await readFile(join(labDirectory, 'world.json'), 'utf8').catch(() => null)
  if (text === null) throw noLab()
  const world = World.safeParse(JSON.parse(text))
  if (!world.success || (await startTimeOf(world.data.pid)) !== world.data.startTime) throw noLab()
  return { pid: world.data.pid }
}
