import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { LabBastion } from '../../contract/helper.ts'
import type { Runner } from '../run.ts'
import { ENTER_BASTION_ROOT } from './bastion-root.ts'
import { startTimeOf } from './namespace-processes.ts'
import { type BastionRecord, bastionDirectory } from './record.ts'
import { namespacePath, placeOf } from './topology.ts'

/** The contract's answer and a cloud's console alike are bounded; the newest is kept (EC2 gives 64 KB too). */
const CONSOLE_BYTES = 64 * 1024

const consolePath = (directory: string, id: string): string => join(bastionDirectory(directory, id), 'console.log')
export const bootScriptPath = (directory: string, id: string): string =>
  join(bastionDirectory(directory, id), 'boot.sh')

/** Starts the boot script in the bastion's namespaces, its output going to the console file. It outlives the helper. */
export const startBoot = async (
  runner: Runner,
  directory: string,
  record: BastionRecord,
): Promise<BastionRecord['boot']> => {
  const output = await open(consolePath(directory, record.id), 'w', 0o600)
  try {
    const { bastionNamespace } = placeOf(record)
    const child = runner.start(
      'nsenter',
      [
        `--net=${namespacePath(bastionNamespace)}`,
        '--',
        runner.pathOf('unshare'),
        '--mount',
        '--',
        runner.pathOf('sh'),
        '-c',
        ENTER_BASTION_ROOT,
        'boot',
        bootScriptPath(directory, record.id),
      ],
      { stdio: ['ignore', output.fd, output.fd], detached: true },
    )
    if (child.pid === undefined) return null
    // nsenter and unshare become the shell without forking, so this is the boot's own process.
    const startTime = await startTimeOf(child.pid)
    return startTime === null ? null : { pid: child.pid, startTime }
  } finally {
    await output.close()
  }
}

/** The end of what the bastion printed, at most 64 KiB, whole lines first to last. */
export const readConsole = async (directory: string, id: string): Promise<string> => {
  const path = consolePath(directory, id)
  const size = (await stat(path).catch(() => null))?.size
  if (size === undefined) return ''
  const length = Math.min(size, CONSOLE_BYTES)
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const text = buffer.toString('utf8', 0, bytesRead)
    return size > CONSOLE_BYTES ? text.slice(text.indexOf('\n') + 1) : text
  } finally {
    await file.close()
  }
}

/** What a console and a live or ended boot process say together. Pure. */
export const bootState = (consoleText: string, isAlive: boolean): z.infer<typeof LabBastion>['state'] => {
  // A bastion whose lease ran out has turned itself off.
  if (/^mole-bastion-lease v1 ended\n/m.test(consoleText)) return 'failed'
  if (/^mole-bastion-ready v1 .*\n/m.test(consoleText)) return 'running'
  return isAlive ? 'booting' : 'failed'
}

/** How far the boot has come, from the world alone: a restarted helper sees the same. */
export const observeBoot = async (
  directory: string,
  record: BastionRecord,
): Promise<z.infer<typeof LabBastion>['state']> => {
  if (record.stage === 'making') return 'failed'
  // Alive first, console second: a boot that ends in between has printed all it will.
  const isAlive = record.boot !== null && (await startTimeOf(record.boot.pid)) === record.boot.startTime
  return bootState(await readConsole(directory, record.id), isAlive)
}
