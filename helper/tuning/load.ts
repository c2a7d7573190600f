import type { HostLoad } from '../../contract/helper.ts'
import type { HostState } from '../../domain/host-state.ts'
import type { LinkFacts } from '../observe/facts.ts'
import type { System } from '../system.ts'
import { readSetting } from './access.ts'
import { parseCoreList, parseCoreMask } from './core-list.ts'
import { type CoreTimes, parseCoreTimes } from './core-times.ts'
import type { TuningFacts } from './facts.ts'
import type { TuningKnown } from './known.ts'
import { nodeOfCore } from './observe-cores.ts'
import { type Lacking, planTuning } from './plan.ts'
import { affinityOf, findServing, type ServingProcess, startTimeOf, ticksOf } from './processes.ts'
import { nameOf, type TuningOrigin } from './setting.ts'

const ratio = (part: number, whole: number): number => Math.min(1, Math.max(0, whole > 0 ? part / whole : 0))

/** `USER_HZ` of `/proc`: 100 on every Linux (`time(7)`). */
const TICKS_PER_SECOND = 100
const MS_PER_SECOND = 1000
const BYTES_PER_KILOBYTE = 1024
/** Two that watch at a time see the same look: over a shorter time a tick is too coarse. */
const FRESH_MS = 250
/** Cards are asked by a process each, and change seldom. */
const SETTINGS_FRESH_MS = 5000

type Look = {
  readonly atMs: number
  readonly cores: ReadonlyMap<number, CoreTimes>
  readonly ticks: ReadonlyMap<string, number>
}

export type LoadParts = {
  readonly system: System
  /** Interfaces as they were read last. */
  readonly links: () => readonly LinkFacts[]
  readonly desired: () => HostState
  readonly known: () => TuningKnown
  readonly observeTuning: () => Promise<TuningFacts>
  /** Counts the changes of the host: after one, settings are read anew. */
  readonly generation: () => number
  readonly monotonicMs?: () => number
}

const memoryOf = ({ read }: System, pid: number): number | null => {
  const kilobytes = /^VmRSS:\s+([0-9]+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * BYTES_PER_KILOBYTE
}

const keyOf = (name: string, { pid, startTime }: ServingProcess): string => `${name} ${pid} ${startTime}`

type Settings = Pick<HostLoad, 'tuned' | 'lacking'>

/** What the kernel refused of what is wanted, in its words. */
const refusedOf = (facts: TuningFacts, desired: HostState, { refusalOf }: TuningKnown): Lacking[] =>
  planTuning(facts, desired).wanted.flatMap(({ option, setting, to }) => {
    const reason = facts.values[nameOf(setting)] === to ? null : refusalOf(setting, to)
    return reason === null ? [] : [{ option, reason }]
  })

/** Tells the load of cores and tunnels since the last look, and how the host is tuned. */
export const makeHostLoad = (parts: LoadParts): (() => Promise<HostLoad>) => {
  const { system, monotonicMs = () => performance.now() } = parts
  let last: Look | null = null
  let answered: { readonly atMs: number; readonly load: HostLoad } | null = null
  let settings: { readonly atMs: number; readonly of: string; readonly told: Settings } | null = null
  let serving = new Map<string, ServingProcess>()

  /** Known processes are looked at first: going through all of `/proc` is dear. */
  const servingNow = (links: readonly LinkFacts[]): Map<string, ServingProcess> => {
    const alive = ({ pid, startTime }: ServingProcess): boolean =>
      startTimeOf(system.read(`/proc/${pid}/stat`) ?? '') === startTime
    const wanted = links.filter(({ flavour }) => flavour === 'userspace')
    const isKnown = ({ name }: LinkFacts): boolean => {
      const process = serving.get(name)
      return process !== undefined && alive(process)
    }
    if (!wanted.every(isKnown)) serving = findServing(system)
    return new Map([...serving].filter(([name]) => wanted.some((link) => link.name === name)))
  }

  const coresOf = (look: Look): HostLoad['cores'] =>
    [...look.cores].map(([core, { busy, total }]) => {
      const before = last?.cores.get(core)
      const busyRatio = before === undefined ? null : ratio(busy - before.busy, total - before.total)
      return { core, numaNode: nodeOfCore(system, core), busyRatio }
    })

  const workOf = (
    { name, flavour }: LinkFacts,
    look: Look,
    process: ServingProcess | undefined,
  ): HostLoad['tunnels'][number] => {
    if (process === undefined) {
      const mask = system.read(`/sys/class/net/${name}/queues/rx-0/rps_cpus`) ?? ''
      const cores = flavour === 'kernel' ? parseCoreMask(mask) : []
      return { name, cores, coreRatio: null, memoryBytes: null }
    }
    const key = keyOf(name, process)
    const [now, before] = [look.ticks.get(key), last?.ticks.get(key)]
    const seconds = (look.atMs - (last?.atMs ?? look.atMs)) / MS_PER_SECOND
    const coreRatio =
      now === undefined || before === undefined || seconds <= 0 ? null : (now - before) / TICKS_PER_SECOND / seconds
    const allowed = parseCoreList((affinityOf(system, process.pid) ?? '').split(' | ')[0] ?? '')
    const isAll = allowed.length >= look.cores.size
    return { name, cores: isAll ? [] : allowed, coreRatio, memoryBytes: memoryOf(system, process.pid) }
  }

  const tunedOf = async ({ option, setting, original }: TuningOrigin): Promise<HostLoad['tuned'][number][]> => {
    const now = await readSetting(system, setting)
    return now === null ? [] : [{ option, what: nameOf(setting), was: original, now }]
  }

  /** What is asked for changes without a change of the host, too, where there is nothing to do. */
  const askedNow = (): string => `${parts.generation()} ${JSON.stringify(parts.desired().tuning)}`

  const settingsNow = async (atMs: number): Promise<Settings> => {
    const of = askedNow()
    if (settings !== null && settings.of === of && atMs - settings.atMs < SETTINGS_FRESH_MS) return settings.told
    const facts = await parts.observeTuning()
    const [desired, known] = [parts.desired(), parts.known()]
    const tuned = (await Promise.all(known.origins.map(tunedOf))).flat()
    const told = { tuned, lacking: [...planTuning(facts, desired).lacking, ...refusedOf(facts, desired, known)] }
    settings = { atMs, of, told }
    return told
  }

  return async () => {
    const atMs = monotonicMs()
    if (answered !== null && atMs - answered.atMs < FRESH_MS && settings?.of === askedNow()) return answered.load
    const links = parts.links()
    const processes = servingNow(links)
    const ticks = [...processes].flatMap(([name, process]): [string, number][] => {
      const stat = system.read(`/proc/${process.pid}/stat`)
      return stat === null ? [] : [[keyOf(name, process), ticksOf(stat)]]
    })
    const look: Look = { atMs, cores: parseCoreTimes(system.read('/proc/stat') ?? ''), ticks: new Map(ticks) }
    const load: HostLoad = {
      atMs: Date.now(),
      cores: coresOf(look),
      tunnels: links.map((link) => workOf(link, look, processes.get(link.name))),
      ...(await settingsNow(atMs)),
    }
    last = look
    answered = { atMs, load }
    return load
  }
}
