import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { OURS } from '../../domain/ours.ts'
import { parseStartTime } from '../process-age.ts'
import type { System } from '../system.ts'
import { RelayConfig } from './config.ts'
import { dropPrivileges, userOf } from './privileges.ts'
import { isRedirectOf, renderRedirect } from './redirect.ts'

/** The relay as it is: with this configuration; not there; or not whole. */
export type RelayFacts = RelayConfig | null | 'broken'

/** Starts and ends the relay's process, and leads connections to it. */
export type RelayKeeper = {
  readonly observe: () => Promise<RelayFacts>
  /** Whether its process lives. */
  readonly isRunning: () => boolean
  /** Makes it so; what it carries goes on where it can. @throws MoleError. */
  readonly make: (config: RelayConfig) => Promise<void>
  /** Takes it away, however much of it there is. */
  readonly end: () => Promise<void>
}

type Host = Pick<System, 'runner' | 'read' | 'list' | 'link'>

/** Beside the sockets of wireguard-go: it goes with the machine's, or the lab's, life, as the process does. */
const DIRECTORY = '/run/mole-relay'

/** From source this file is `helper/relay/keeper.ts`, built it is part of `dist/helper/main.js`. */
const ENTRY = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? 'main.ts' : 'relay.js')

const Record = z.strictObject({ version: z.literal(1), pid: z.int(), startTime: z.number(), config: RelayConfig })
type Record = z.infer<typeof Record>

const START_TIMEOUT_MS = 10_000
const END_TIMEOUT_MS = 2000
const LOOK_MS = 5

const notStarted = (why: string): MoleError =>
  new MoleError('not-available', `The TCP relay did not start: ${why}.`, {
    field: 'relay',
    meaning: 'Ordinary connections would not use all tunnels; nothing was changed.',
    nextStep: 'The helper’s log says more. Without "mptcp.relay" everything else works.',
  })

/**
 * User id of who listens at address and port, by `/proc/net/tcp` (`proc(5)`), which writes an address's bytes backwards and
 * 0A for listening; `null`: nobody. Pure.
 */
export const listenerAt = ({ address, port }: Pick<RelayConfig, 'address' | 'port'>, tcp: string): number | null => {
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')
  const backwards = address.split('.').toReversed()
  const socket = `${backwards.map((part) => hex(Number(part), 2)).join('')}:${hex(port, 4)} 00000000:0000 0A`
  const fields = tcp
    .split('\n')
    .find((line) => line.includes(socket))
    ?.trim()
    .split(/\s+/)
  return fields === undefined ? null : Number(fields[7])
}

/** Keeps the relay of the network namespace that this process is in. `file` holds what runs, and is the relay's stdin. */
export const makeRelayKeeper = (system: Host, directory: string = DIRECTORY): RelayKeeper => {
  const { runner, read, list, link } = system
  const file = join(directory, 'relay.json')
  const startTimeOf = (pid: number): number | null => parseStartTime(read(`/proc/${pid}/stat`) ?? '')

  const readRecord = (): Record | null => {
    const text = read(file)
    try {
      return text === null ? null : Record.parse(JSON.parse(text))
    } catch {
      return null
    }
  }
  /** In place: the relay holds this very file. */
  const writeRecord = (record: Record): void => writeFileSync(file, JSON.stringify(record), { mode: 0o600 })

  const isAlive = ({ pid, startTime }: Record): boolean => startTimeOf(pid) === startTime
  const privileges = (): string[] => dropPrivileges(read('/proc/self/status') ?? '', read('/proc/self/uid_map') ?? '')
  /** Any user of this host could listen there: that is not the relay. */
  const listens = (config: RelayConfig): boolean =>
    listenerAt(config, read('/proc/net/tcp') ?? '') === userOf(privileges(), process.geteuid?.() ?? 0)

  const load = async (config: RelayConfig | null): Promise<void> => {
    const { code, stderr } = await runner.run('nft', ['-f', '-'], { input: renderRedirect(config) })
    if (code !== 0) throw notStarted(`nft refused to lead connections to it (${stderr.trim().split('\n')[0] ?? ''})`)
  }

  /** Also one of which no record is left: by what it runs, in this network. */
  const processes = (): number[] => {
    const here = link('/proc/self/ns/net')
    return list('/proc')
      .filter((name) => /^[1-9][0-9]*$/.test(name) && Number(name) !== process.pid)
      .filter((name) => read(`/proc/${name}/cmdline`)?.startsWith(`${runner.pathOf('node')}\0${ENTRY}\0`))
      .filter((name) => link(`/proc/${name}/ns/net`) === here)
      .map(Number)
  }

  /** A helper with few capabilities neither sees whose network a process of nobody's is in, nor may end it: it ends with its file. */
  const endProcesses = async (): Promise<void> => {
    const record = readRecord()
    rmSync(file, { force: true })
    for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
      const living = processes().filter((pid) => startTimeOf(pid) !== null)
      const isThere = record !== null && (isAlive(record) || listens(record.config))
      if (living.length === 0 && !isThere) return
      for (const pid of living) {
        try {
          process.kill(pid, waitedMs > END_TIMEOUT_MS ? 'SIGKILL' : 'SIGTERM')
        } catch {
          // It has ended by itself, or will.
        }
      }
      if (waitedMs > 2 * END_TIMEOUT_MS) throw notStarted('the one before does not end')
      await sleep(LOOK_MS)
    }
  }

  const start = async (config: RelayConfig): Promise<void> => {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeRecord({ version: 1, pid: 0, startTime: 0, config })
    const stdin = openSync(file, 'r')
    try {
      const child = runner.start('setpriv', [...privileges(), '--', runner.pathOf('node'), ENTRY], {
        stdio: [stdin, 'ignore', 2],
        detached: true,
      })
      const pid = child.pid ?? 0
      for (let waitedMs = 0; !listens(config); waitedMs += LOOK_MS) {
        if (startTimeOf(pid) === null) throw notStarted('its process ended')
        if (waitedMs > START_TIMEOUT_MS) throw notStarted('it does not listen')
        await sleep(LOOK_MS)
      }
      writeRecord({ version: 1, pid, startTime: startTimeOf(pid) ?? 0, config })
    } finally {
      closeSync(stdin)
    }
  }

  const end: RelayKeeper['end'] = async () => {
    await load(null)
    await endProcesses()
    try {
      rmdirSync(directory)
    } catch {
      // It was not there; or systemd made it, and keeps it.
    }
  }

  return {
    isRunning: () => {
      const record = readRecord()
      return record !== null && isAlive(record)
    },
    observe: async () => {
      if (read(file) === null) return null
      const record = readRecord()
      const { stdout, code } = await runner.run('nft', ['-j', 'list', 'table', 'inet', OURS.relayNftTable])
      const isWhole = record !== null && isAlive(record) && code === 0 && isRedirectOf(record.config, stdout)
      return isWhole ? record.config : 'broken'
    },
    make: async (config) => {
      const record = readRecord()
      const stays =
        record !== null &&
        isAlive(record) &&
        isDeepStrictEqual([record.config.address, record.config.port], [config.address, config.port])
      if (stays) writeRecord({ ...record, config })
      else {
        // While nobody of ours listens nothing is led there: somebody else might.
        if (read(file) !== null) await load(null)
        await endProcesses()
        await start(config)
      }
      await load(config)
    },
    end,
  }
}
