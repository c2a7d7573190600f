import { setTimeout as sleep } from 'node:timers/promises'
import { MoleError } from '../contract/errors.ts'
import type { Keys } from './keys.ts'
import { allHeard, inPieces } from './netlink-queues.ts'
import { readSysctl, sysctlPath } from './observe/sysctls.ts'
import type { Effect } from './operation.ts'
import { renderUapiSet, renderWgSet } from './render-wireguard.ts'
import type { System } from './system.ts'
import { changeSetting } from './tuning/access.ts'
import type { Refusals } from './tuning/known.ts'

type EffectBy<B extends Effect['by']> = Extract<Effect, { by: B }>

export type Executor = {
  /**
   * Does the effects in order, those of one kind that stand together at once. The first failure ends it, after what
   * runs beside it has ended. @throws MoleError.
   */
  readonly execute: (effects: readonly Effect[]) => Promise<void>
  /** The same, but for rulesets: those go on loading, until `loaded` says what came of them. @throws MoleError. */
  readonly begin: (effects: readonly Effect[]) => Promise<{ readonly loaded: Promise<Error | null> }>
  /** Does what can be done, for undoing: what is gone already is no obstacle. Returns what could not be done, in words. */
  readonly executeTolerantly: (effects: readonly Effect[]) => Promise<string[]>
}

/** Memory `wireguard-go` may take: without a limit it grows to 700 MB under load, with this one to 105 MB. */
const WIREGUARD_GO_MEMORY = '128MiB'
/** One name each, so many at a time: 64 at once are no sooner there. */
const SPAWN_ARGV = ['-n', '1', '-P', '8'] as const
/** What is not begun when the helper dies stays undone: who comes after it takes away what there is. */
const spawnArgv = ({ pathOf }: System['runner']): string[] => [
  ...['--pdeathsig', 'KILL', '--'],
  ...[pathOf('xargs'), ...SPAWN_ARGV, pathOf('wireguard-go')],
]
const [SPAWN_TIMEOUT_MS, SPAWN_EACH_MS] = [10_000, 500]
/** Under load a process takes its time; a new one must not meet it, as it would take the socket of the new one along. */
const GONE_TIMEOUT_MS = 10_000
const GONE_POLL_MS = 4

/** Neighbours of one kind form a wave; rulesets stand apart. Waiting for processes to go is put off until it matters. */
const wavesOf = (effects: readonly Effect[]): Effect[][] => {
  const waves: Effect[][] = []
  let going: Effect[] = []
  for (const effect of effects) {
    if (effect.by === 'nft') continue
    if (effect.by === 'gone') going.push(effect)
    else {
      if (effect.by === 'spawn' && going.length > 0) {
        waves.push(going)
        going = []
      }
      const last = waves.at(-1)
      // One card is asked for one thing after the other.
      const joins = effect.by !== 'tune' && last?.[0] !== undefined && last[0].by === effect.by
      if (joins) last?.push(effect)
      else waves.push([effect])
    }
  }
  return going.length > 0 ? [...waves, going] : waves
}

/** The words of a program's failure, without the frames `wireguard-go` draws. */
const lastWords = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[┌│└]/u.test(line) && !line.startsWith('Command failed'))
    .join('; ')
    .slice(0, 300) || 'it gave no reason'

const refused = (program: string, doing: string, stderr: string): MoleError => {
  const isForbidden = /not permitted|permission denied/i.test(stderr)
  return new MoleError(
    isForbidden ? 'denied' : 'not-available',
    `"${program}" could not ${doing}: ${lastWords(stderr)}`,
    {
      field: program,
      meaning: isForbidden
        ? 'The helper lacks the right to change the network.'
        : 'The kernel did not accept the change.',
      nextStep: 'Run "mole doctor" to see what this machine lacks.',
    },
  )
}

/** `EADDRINUSE`, as `wireguard-go` answers it. */
const ADDRESS_IN_USE = '-98'

const portTaken = (name: string, port: number): MoleError =>
  new MoleError('conflict', `UDP port ${port}, which ${name} should listen on, is taken by another program.`, {
    field: 'listenPort',
    meaning: 'The tunnel was not made; what was changed is undone.',
    nextStep: `End the program that holds UDP ${port} ("ss -ulpn" names it), or choose another port.`,
  })

const failingLine = (stderr: string, lines: readonly string[]): string => {
  const number = /Command failed -:([0-9]+)/.exec(stderr)?.[1]
  return lines[Number(number) - 1] ?? 'change the network'
}

const refusedLine = (line: string, stderr: string): MoleError => {
  const control = / congctl (\S+)/.exec(line)?.[1]
  if (control === undefined || !/unknown tcp congestion/i.test(stderr)) return refused('ip', line, stderr)
  return new MoleError('not-available', `This kernel gives no route the congestion control "${control}".`, {
    field: 'mptcp.congestion',
    meaning: 'It is neither built in nor loaded; what was changed is undone.',
    nextStep: `Load it ("modprobe tcp_${control}"), or set mptcp.congestion to "host".`,
  })
}

const isGone = ([effect]: readonly Effect[], error: Error): boolean =>
  effect?.by === 'tune' && error instanceof MoleError && error.code === 'not-found'

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

/** What carries effects out on `system`. */
export const makeExecutor = (system: System, keys: Keys, refusals?: Refusals): Executor => {
  const { runner } = system

  const piece = async (lines: readonly string[], force: boolean): Promise<void> => {
    const argv = force ? ['-force', '-batch', '-'] : ['-batch', '-']
    const { code, stderr } = await runner.run('ip', argv, { input: `${lines.join('\n')}\n` })
    if (code !== 0) throw refusedLine(failingLine(stderr, lines), stderr)
  }

  /** With `force` each piece is done, whatever became of the one before. */
  const batch = async (effects: readonly EffectBy<'ip'>[], force: boolean): Promise<void> => {
    const failures: Error[] = []
    for (const lines of inPieces(effects.map(({ line }) => line))) {
      if (failures.length > 0 && !force) break
      await allHeard(system)
      await piece(lines, force).catch((error) => failures.push(asError(error)))
    }
    if (failures[0] !== undefined) throw failures[0]
  }

  const nft = async ({ script }: EffectBy<'nft'>): Promise<void> => {
    const { code, stderr } = await runner.run('nft', ['-f', '-'], { input: script })
    if (code !== 0) throw refused('nft', 'load our table', stderr)
  }

  /**
   * Each goes into the background by itself once its interface is there; a session of their own keeps them from our signals.
   * `xargs` starts them: a process costs it a fraction of what it costs this one, which is larger.
   */
  const spawn = async (effects: readonly EffectBy<'spawn'>[]): Promise<void> => {
    const names = effects.map(({ name }) => name)
    const { code, stderr } = await runner.run('setpriv', spawnArgv(runner), {
      input: `${names.join('\n')}\n`,
      env: { GOMEMLIMIT: WIREGUARD_GO_MEMORY },
      timeoutMs: SPAWN_TIMEOUT_MS + names.length * SPAWN_EACH_MS,
      detached: true,
    })
    if (code === 0) return
    const lacking = names.filter((name) => !system.isServed(name))
    throw refused('wireguard-go', `make ${(lacking.length > 0 ? lacking : names).join(', ')}`, stderr)
  }

  const gone = async ({ name }: EffectBy<'gone'>): Promise<void> => {
    for (let waitedMs = 0; system.isServed(name) && waitedMs < GONE_TIMEOUT_MS; waitedMs += GONE_POLL_MS)
      await sleep(GONE_POLL_MS)
  }

  /** What is kept of a key pair; `null` when the interface has that key already, or is to have none. */
  const keyFor = (
    { name, to, was }: EffectBy<'wireguard'>,
    find: (publicKey: string) => string | null,
  ): string | null => {
    if (to.publicKey === null || to.publicKey === was?.publicKey) return null
    const found = find(to.publicKey)
    if (found !== null) return found
    throw new MoleError('not-found', `The key pair of ${name} is not here any more.`, { field: name })
  }

  const overSocket = async (effect: EffectBy<'wireguard'>): Promise<void> => {
    const { name, to, was } = effect
    const answer = await system.uapi(name, renderUapiSet(to, was, keyFor(effect, keys.privateKeyOf)))
    const errno = /^errno=(-?[0-9]+)$/m.exec(answer)?.[1]
    if (errno === ADDRESS_IN_USE) throw portTaken(name, to.listenPort)
    if (errno !== '0') throw refused('wireguard-go', `configure ${name}`, `error ${errno ?? 'unknown'}`)
  }

  const byWg = async (effect: EffectBy<'wireguard'>): Promise<void> => {
    const { name, to, was } = effect
    const inputFile = keyFor(effect, keys.fileOf)
    const options = inputFile === null ? {} : { inputFile }
    const { code, stderr } = await runner.run('wg', renderWgSet(name, to, was), options)
    if (code !== 0 && /address already in use/i.test(stderr)) throw portTaken(name, to.listenPort)
    if (code !== 0) throw refused('wg', `configure ${name}`, stderr)
  }

  const wireguard = (effect: EffectBy<'wireguard'>): Promise<void> =>
    effect.flavour === 'userspace' ? overSocket(effect) : byWg(effect)

  const sysctl = async ({ name, value, was }: EffectBy<'sysctl'>): Promise<void> => {
    const now = readSysctl(system, name)
    if (now === value) return
    if (now !== was)
      throw new MoleError('drift', `${name} is ${now ?? 'not there'} now, not ${was}: it was left as it is`, {
        field: name,
      })
    system.write(sysctlPath(name), `${value}\n`)
  }

  const tune = ({ setting, value, was }: EffectBy<'tune'>): Promise<void> => changeSetting(system, setting, value, was)

  /** What the host does not take of its tuning is remembered, and ends nothing. */
  const tolerateRefusal = (wave: readonly Effect[], errors: readonly Error[]): readonly Error[] => {
    const [effect] = wave
    if (effect?.by !== 'tune') return errors
    for (const error of errors) refusals?.note(effect.setting, effect.value, error.message)
    return []
  }

  const alone = (effect: Effect): Promise<void> => {
    switch (effect.by) {
      case 'ip':
        return batch([effect], false)
      case 'nft':
        return nft(effect)
      case 'spawn':
        return spawn([effect])
      case 'gone':
        return gone(effect)
      case 'wireguard':
        return wireguard(effect)
      case 'sysctl':
        return sysctl(effect)
      case 'relay':
        return effect.to === null ? system.relay.end() : system.relay.make(effect.to)
      case 'tune':
        return tune(effect)
    }
  }

  const isIp = (effect: Effect): effect is EffectBy<'ip'> => effect.by === 'ip'
  const isSpawn = (effect: Effect): effect is EffectBy<'spawn'> => effect.by === 'spawn'
  const isNft = (effect: Effect): effect is EffectBy<'nft'> => effect.by === 'nft'

  /** Everything of a wave ends, well or badly, before the next begins: an undo must not meet a straggler. */
  const perform = async (wave: readonly Effect[], force: boolean): Promise<Error[]> => {
    const [lines, spawns] = [wave.filter(isIp), wave.filter(isSpawn)]
    const together = lines.length > 0 ? batch(lines, force) : spawns.length > 0 ? spawn(spawns) : null
    const results = await Promise.allSettled(together === null ? wave.map(alone) : [together])
    return results.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []))
  }

  /**
   * Rulesets, one after the other: the kernel takes 15 ms for one, as it waits for packets under way, and nothing else here
   * waits for it. Until it is there, connections find their tunnel by the hash.
   */
  const load = async (effects: readonly Effect[]): Promise<Error[]> => {
    const errors: Error[] = []
    for (const effect of effects.filter(isNft)) await nft(effect).catch((error) => errors.push(asError(error)))
    return errors
  }

  const walk = async (waves: readonly (readonly Effect[])[]): Promise<Error | null> => {
    for (const wave of waves) {
      const [first] = tolerateRefusal(wave, await perform(wave, false))
      if (first !== undefined) return first
    }
    return null
  }

  const begin: Executor['begin'] = async (effects) => {
    const loaded = load(effects).then(([first]) => first ?? null)
    const failure = await walk(wavesOf(effects))
    if (failure === null) return { loaded }
    await loaded
    throw failure
  }

  const execute: Executor['execute'] = async (effects) => {
    const failure = await (await begin(effects)).loaded
    if (failure !== null) throw failure
  }

  const executeTolerantly: Executor['executeTolerantly'] = async (effects) => {
    const loading = load(effects)
    const failures: string[] = []
    for (const wave of wavesOf(effects)) {
      // A setting that is gone with its card or process wants nothing undone.
      for (const error of await perform(wave, true)) if (!isGone(wave, error)) failures.push(error.message)
    }
    failures.push(...(await loading).map(({ message }) => message))
    return failures
  }

  return { execute, begin, executeTolerantly }
}
