import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MoleError } from '../../../contract/errors.ts'
import { assertPrivateDirectory } from '../../paths.ts'
import { argumentsOf, endProcesses, findProcesses, identityOf, wakeProcesses } from './processes.ts'
import { LAB_ENVIRONMENT, mustFindProgram, NEW_NAMESPACES } from './programs.ts'
import { findWorld, type World } from './world-file.ts'

/**
 * The lab's world: user, network, mount and process namespaces of its own. Its first process does nothing but live; its
 * death ends everything in the world, by the kernel's hand. It depends on nobody: engines and helpers come and go.
 */

/** Another engine was quicker (`EX_TEMPFAIL` of sysexits.h). */
const EXIT_TAKEN = 75

/**
 * What the first process runs; $1 is the lab's directory. Constant text: nothing is ever put into it. In order:
 * the lock for life; its own pid as seen from outside, while /proc is still the machine's; an empty /run, in which the
 * directory shows again if it was below; what an earlier, dead world left; and then, word to the engine that it is ready.
 * A shell that waits takes leave of every orphan of the world (dash takes no notice of "trap '' CHLD").
 */
const FIRST_PROCESS = `set -eu
umask 077
cd "$1"
exec 9>world.lock
flock -n 9 || exit ${EXIT_TAKEN}
read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/stat
rm -rf world.json bastions helper.sock helper.token helper.sqlite*
exec 3<.
mount -t tmpfs -o mode=755 tmpfs /run
if [ ! -d "$1" ]; then
  mkdir -p "$1"
  mount --no-canonicalize --bind /proc/self/fd/3 "$1"
fi
exec 3<&-
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /run/netns /run/wireguard
ip link set lo up
printf '{"version":1,"pid":%s,"startTime":%s}\\n' "$pid" "$start" >"$1/world.json.new"
mv "$1/world.json.new" "$1/world.json"
cd /
echo ready || :
exec >/dev/null 2>&1
while :; do
  sleep infinity &
  wait
done
`

/** What the first process and its `unshare` are called, so that they can be told from whoever else names the directory. */
const NAME = 'mole-lab'

const startFirstProcess = async (directory: string): Promise<ChildProcess> => {
  const [unshare, shell] = await Promise.all([mustFindProgram('unshare'), mustFindProgram('sh')])
  const argv = [...NEW_NAMESPACES, shell, '-c', FIRST_PROCESS, NAME, directory]
  const child = spawn(unshare, argv, {
    cwd: '/',
    env: LAB_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.unref()
  return child
}

type Outcome = { readonly kind: 'ready' } | { readonly kind: 'ended'; readonly code: number; readonly text: string }

const outcomeOf = (child: ChildProcess): Promise<Outcome> =>
  new Promise((resolve) => {
    let text = ''
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-4096)
    })
    child.stdout?.setEncoding('utf8').once('data', () => resolve({ kind: 'ready' }))
    child.once('error', (error) => resolve({ kind: 'ended', code: 127, text: error.message }))
    child.once('close', (code) => resolve({ kind: 'ended', code: code ?? 128, text }))
  })

/** `unshare` leads a group of its own; the first process is in it. */
const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

const LIMIT_MS = 5000

/** The world another engine is just making. */
const awaitWorld = async (directory: string, signal: AbortSignal): Promise<World> => {
  const until = performance.now() + LIMIT_MS
  while (performance.now() < until) {
    const world = await findWorld(directory)
    if (world !== null) return world
    await delay(5, undefined, { signal })
  }
  throw new MoleError('conflict', 'A lab is there, but does not say which process it is.', {
    field: 'lab',
    meaning: `Its lock ${join(directory, 'world.lock')} is held, and its world.json is missing.`,
    nextStep: 'Run "mole down": it ends what is there. Then try again.',
  })
}

const refused = (text: string): MoleError =>
  new MoleError('not-available', `The lab's namespaces could not be made: ${text.trim().split('\n')[0] ?? ''}`, {
    field: 'lab',
    meaning: 'This machine refused a step; nothing was left behind.',
    nextStep: 'Run "mole doctor": it tries what the lab needs and says what is missing.',
  })

/**
 * Finds the lab's world, or makes it. Of two engines that try at once, one makes it and both get the same.
 * @throws MoleError `not-available`, `missing-program`, `conflict`, `denied` (directory not ours alone), or the signal's reason.
 */
export const ensureWorld = async (directory: string, signal: AbortSignal): Promise<World> => {
  const known = await findWorld(directory)
  if (known !== null) return known
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await assertPrivateDirectory(directory)
  const child = await startFirstProcess(directory)
  const giveUp = (): void => endGroup(child)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  const outcome = await outcomeOf(child)
  signal.removeEventListener('abort', giveUp)
  child.stdout?.destroy()
  child.stderr?.destroy()
  if (outcome.kind === 'ended') signal.throwIfAborted()
  if (outcome.kind === 'ended' && outcome.code !== EXIT_TAKEN) throw refused(outcome.text)
  return awaitWorld(directory, signal)
}

/** Processes that hold the world's lock open: its first process, found even when world.json is lost. */
const lockHolders = async (directory: string): Promise<number[]> => {
  const lock = await identityOf(join(directory, 'world.lock'))
  if (lock === null) return []
  return findProcesses(async (pid) => (await identityOf(`/proc/${pid}/fd/9`)) === lock)
}

/** A process of ours that was started for `directory`, by its arguments; another one may only look at it. */
const isStart =
  (directory: string, marks: readonly string[]) =>
  async (pid: number): Promise<boolean> => {
    const argv = await argumentsOf(pid)
    return argv.includes(directory) && marks.some((mark) => argv.includes(mark))
  }

/** The same where lock and directory are lost: by their arguments, and in a process namespace that is not ours. */
const firstByArguments = async (directory: string): Promise<number[]> => {
  const own = await identityOf('/proc/self/ns/pid')
  const isNamed = isStart(directory, [NAME])
  return findProcesses(async (pid) => {
    if (!(await isNamed(pid))) return false
    // Its `unshare`, of the same arguments, stays in ours.
    const namespace = await identityOf(`/proc/${pid}/ns/pid`)
    return namespace !== null && namespace !== own
  })
}

/** First processes of the worlds of `directory`; there is one at most, unless files were meddled with. */
const firstProcesses = async (directory: string): Promise<number[]> => {
  const world = await findWorld(directory)
  const found = await Promise.all([lockHolders(directory), firstByArguments(directory)])
  return [...new Set([...(world === null ? [] : [world.pid]), ...found.flat()])]
}

/** A helper or its `nsenter`, which has the same arguments. */
const HELPER = ['--lab']

const stuck = (): MoleError =>
  new MoleError('timeout', 'Processes of the lab did not end within 5 s.', {
    field: 'lab',
    meaning: 'The kernel is still busy ending them.',
    nextStep: 'Run "mole down" again.',
  })

/** Whether a process is in one of `namespaces`, asked anew each time: its id may have found a new owner. */
const isIn =
  (namespaces: readonly (string | null)[]) =>
  async (pid: number): Promise<boolean> =>
    namespaces.includes((await identityOf(`/proc/${pid}/ns/user`)) ?? '')

/**
 * Ends the world with everything in it, then removes `directory`. Idempotent.
 * @throws MoleError `timeout` when processes outlive SIGKILL for 5 s.
 */
export const removeWorld = async (directory: string): Promise<void> => {
  const first = await firstProcesses(directory)
  const own = await identityOf('/proc/self/ns/user')
  const found = await Promise.all(first.map((pid) => identityOf(`/proc/${pid}/ns/user`)))
  const isInside = isIn(found.filter((namespace) => namespace !== own))
  await wakeProcesses(isInside)
  await wakeProcesses(isStart(directory, HELPER))
  // The first alone: the kernel ends the rest. The nsenter outside must live to take leave of the helper, or the
  // namespace waits for whoever inherits it.
  if (!(await endProcesses(async (pid) => first.includes(pid) && (await isInside(pid)), LIMIT_MS))) throw stuck()
  if (first.length > 0 && !(await endProcesses(isInside, LIMIT_MS))) throw stuck()
  await rm(directory, { recursive: true, force: true })
}

/** What is left of a lab: processes and files, named. `[]` proves that there is none. */
export const labLeftovers = async (directory: string): Promise<string[]> => {
  const [started, first] = await Promise.all([
    findProcesses(isStart(directory, [...HELPER, NAME])),
    firstProcesses(directory),
  ])
  const pids = new Set([...started, ...first])
  const files = (await identityOf(directory)) === null ? [] : [`directory ${directory}`]
  return [...[...pids].sort((a, b) => a - b).map((pid) => `lab process ${pid}`), ...files]
}
