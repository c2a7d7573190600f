import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MoleError } from '../../contract/errors.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { connectHelper, reachHelper } from './reach-helper.ts'

/** How the helper is run. */
export type HelperProgram = {
  /** The Node binary, absolute. */
  readonly node: string
  /** The helper's entry file, absolute. */
  readonly entry: string
  /** More variables, such as `ELECTRON_RUN_AS_NODE` where `node` is Electron. */
  readonly env?: Readonly<Record<string, string>>
}

/** Where a helper is to live: the lab's world, or this machine itself. */
export type HelperPlace = {
  /** Our own directory for it, which is there and 0700. */
  readonly directory: string
  /** For people: "The lab’s helper". */
  readonly name: string
  /** What is run, absolute, and its arguments. */
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  /** What to do when it does not start. */
  readonly nextStep: string
  /** Ends the helper of this directory, which hangs: it holds the lock for as long as it lives. */
  end(): Promise<void>
}

type HelperStart = { hasEnded: boolean }

/** Starts the helper. It belongs to nobody: it outlives this process. Its log is `helper.log`. */
const startHelper = async ({ directory, command: [path, ...argv], env }: HelperPlace): Promise<HelperStart> => {
  const log = await open(join(directory, 'helper.log'), 'a', 0o600)
  try {
    const child = spawn(path, argv, { cwd: '/', env, detached: true, stdio: ['ignore', log.fd, log.fd] })
    child.unref()
    const start: HelperStart = { hasEnded: false }
    const ended = (): void => {
      start.hasEnded = true
    }
    child.once('exit', ended).once('error', ended)
    return start
  } finally {
    await log.close()
  }
}

const START_LIMIT_MS = 10_000
/** A helper that ended may have found another one starting: that one is given this long. */
const RIVAL_LIMIT_MS = 2000

const lastLogLine = async (directory: string): Promise<string> =>
  (await readFile(join(directory, 'helper.log'), 'utf8').catch(() => '')).trim().split('\n').at(-1)?.slice(0, 500) ?? ''

const lastWords = async (directory: string): Promise<string> => {
  const line = await lastLogLine(directory)
  return line === '' ? 'It ended, or was ended, without a word.' : `The last line of its log: ${line}`
}

const unreachable = async ({ directory, name, nextStep }: HelperPlace): Promise<MoleError> =>
  new MoleError('helper-unreachable', `${name} did not start.`, {
    field: 'helper',
    meaning: await lastWords(directory),
    nextStep,
  })

/**
 * Connects to the helper of a place, starting it when none answers: tunnels live on without their helper, and the new one
 * finds them. One that hangs, asked twice, is ended first.
 * @throws MoleError `helper-unreachable`, or the signal's reason.
 */
export const ensureHelperAt = async (place: HelperPlace, signal: AbortSignal): Promise<HelperClient> => {
  let known = await reachHelper(place.directory)
  if (known === 'silent') known = await reachHelper(place.directory)
  if (typeof known !== 'string') return known
  if (known === 'silent') await place.end()
  const start = await startHelper(place)
  let until = performance.now() + START_LIMIT_MS
  let isRivalAwaited = false
  while (performance.now() < until) {
    const client = await connectHelper(place.directory)
    if (client !== null) return client
    if (start.hasEnded && !isRivalAwaited) {
      isRivalAwaited = true
      until = Math.min(until, performance.now() + RIVAL_LIMIT_MS)
    }
    await delay(5, undefined, { signal })
  }
  throw await unreachable(place)
}
