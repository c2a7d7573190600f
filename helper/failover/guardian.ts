import type { Probe } from '../../domain/carriage.ts'
import type { HostState } from '../../domain/host-state.ts'
import { interfaceName } from '../../domain/ours.ts'
import type { Audit } from '../audit.ts'
import { carriersOf } from '../carriers.ts'
import { activeNumbers, carryLines } from '../carry-lines.ts'
import type { Facts } from '../observe/facts.ts'
import type { GroupNow, IpPipe } from './ip-pipe.ts'
import { judgeBundle } from './judge-bundle.ts'
import type { PathHealth, Verdict } from './path-health.ts'

/** Keeps what carries to those tunnels that live, by itself: nobody has to watch. */
export type Guardian = {
  /** Tunnels (lane numbers) that are out of the route. */
  readonly withdrawn: () => ReadonlySet<number>
  /** Interface by interface: in the route or not. */
  readonly carries: (name: string) => boolean
  /** Something about a path may be new. */
  readonly judge: () => void
  /**
   * What is asked for from now on, and the host as it was just seen; `judge` is to be called next, when every path is
   * followed. The first time what is not in the group is what a former life has withdrawn.
   */
  readonly follow: (desired: HostState | null, facts: Facts) => void
  readonly close: () => void
}

export type GuardianParts = {
  readonly pathOf: (name: string) => PathHealth | null
  readonly pipe: Pick<IpPipe, 'run'>
  readonly audit: Audit
  readonly generation: () => number
  /** Runs work that moves the route: at once, unless everything is being taken away. */
  readonly urgently: (work: () => Promise<void>) => Promise<void>
  /** A change of the host goes on: a tunnel that dies leaves the route all the same, one that is back waits for its end. */
  readonly isChanging: () => boolean
  /** What people see has changed. */
  readonly onChange: () => void
  /** A path has died. */
  readonly onDeath: () => void
  readonly nowMs: () => number
}

/** What the kernel refused is tried again after so long, and after twice as long each time. */
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 30_000

const namesOf = (numbers: Iterable<number>): string => [...numbers].map(interfaceName).join(', ')
const isSame = (a: readonly number[], b: GroupNow): boolean => b !== null && a.join() === b.join()

export const makeGuardian = (parts: GuardianParts): Guardian => {
  const { pathOf, pipe, audit, generation, urgently, isChanging, onChange, onDeath, nowMs } = parts
  let desired: HostState | null = null
  let probe: Probe | null = null
  let out: ReadonlySet<number> = new Set()
  /** The group as the kernel has it. */
  let group: GroupNow = null
  let isFirst = true
  let isAllDead = false
  let verdicts: ReadonlyMap<number, Verdict> = new Map()
  let isMoving = false
  let retryMs = FIRST_RETRY_MS
  let retry: NodeJS.Timeout | undefined
  /** What the kernel did not take last; it is tried again by the clock alone. */
  let refused: GroupNow = null

  const active = (): number[] => (desired === null ? [] : activeNumbers(desired))
  const carrying = (): number[] => carriersOf(active(), out, group)

  /** Without an interface there is no path. */
  const verdictOf = (number: number): Verdict => pathOf(interfaceName(number))?.verdict() ?? 'dead'

  const tell = (event: string, detail: string): void =>
    audit({ event, generation: generation(), outcome: 'ok', detail })

  /** A dead path that has proven itself is taken in again: after its hold-down, or at once where nothing else lives. */
  const readmit = (numbers: readonly number[]): void => {
    const now = nowMs()
    const paths = numbers.flatMap((number) => pathOf(interfaceName(number)) ?? [])
    const isHopeless = paths.every((path) => path.verdict() === 'dead')
    for (const path of paths) if (path.isFit() && (isHopeless || path.isHoldOver(now))) path.readmit()
  }

  const tellVerdicts = (numbers: readonly number[]): void => {
    const now = new Map(numbers.map((number) => [number, verdictOf(number)] as const))
    const changed = [...now].filter(([number, verdict]) => (verdicts.get(number) ?? 'unknown') !== verdict)
    verdicts = now
    if (changed.length === 0) return
    for (const [number, verdict] of changed) tell(`path-${verdict}`, interfaceName(number))
    const allDead = numbers.length > 0 && [...now.values()].every((verdict) => verdict === 'dead')
    if (allDead && !isAllDead)
      tell('bundle-dead', 'nothing comes back through any tunnel; the route stays, and leaks nowhere')
    if (!allDead && isAllDead) tell('bundle-alive', namesOf(numbers.filter((number) => now.get(number) !== 'dead')))
    isAllDead = allDead
    onChange()
    if (changed.some(([, verdict]) => verdict === 'dead')) onDeath()
  }

  const stroke = async (): Promise<void> => {
    if (desired === null) return
    const to = carrying()
    const startMs = nowMs()
    const was = group ?? []
    const lines = carryLines(desired, was, to)
    if (lines.length === 0) return
    group = await pipe.run(lines)
    const gone = was.filter((number) => !to.includes(number))
    const back = to.filter((number) => !was.includes(number))
    const ms = Math.round(nowMs() - startMs)
    const outcome = isSame(to, group) ? 'ok' : `the group is ${namesOf(group ?? []) || 'not there'}`
    const detail = (numbers: readonly number[]): string =>
      `${namesOf(numbers)}; ${to.length} of ${active().length} carry`
    if (gone.length > 0) audit({ event: 'withdraw', generation: generation(), outcome, ms, detail: detail(gone) })
    if (back.length > 0) audit({ event: 'restore', generation: generation(), outcome, ms, detail: detail(back) })
  }

  const isMoved = (): boolean => desired === null || group === null || isSame(carrying(), group)

  /** Moves the route; once more at once where meanwhile it is to go elsewhere, later where the kernel refused. */
  const move = async (): Promise<void> => {
    if (isMoving || isMoved()) return
    isMoving = true
    clearTimeout(retry)
    const asked = carrying()
    try {
      await urgently(stroke)
    } catch (error) {
      audit({ event: 'withdraw', generation: generation(), outcome: 'internal', detail: String(error) })
    }
    isMoving = false
    onChange()
    refused = null
    if (isMoved()) {
      retryMs = FIRST_RETRY_MS
      return
    }
    if (!isSame(asked, carrying())) return move()
    refused = asked
    retry = setTimeout(() => void move(), retryMs)
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
  }

  const judge = (): void => {
    const numbers = active()
    if (probe !== null) {
      const isHeld = isChanging()
      if (!isHeld) readmit(numbers)
      const now = nowMs()
      const judged = judgeBundle(
        numbers.map((number) => {
          const isAnswering = pathOf(interfaceName(number))?.isAnswering(now) ?? false
          return { number, isDead: verdictOf(number) === 'dead', isAnswering }
        }),
        out,
      )
      out = isHeld ? new Set([...judged, ...out]) : judged
    }
    tellVerdicts(numbers)
    if (!isSame(carrying(), refused)) void move()
  }

  const follow: Guardian['follow'] = (asked, facts) => {
    desired = asked
    probe = asked?.probe ?? null
    group = facts.group
    if (isFirst && group !== null) out = new Set(active().filter((number) => !group?.includes(number)))
    if (probe === null) out = new Set()
    isFirst = false
    refused = null
    retryMs = FIRST_RETRY_MS
  }

  return {
    withdrawn: () => out,
    carries: (name) => carrying().some((number) => interfaceName(number) === name),
    judge,
    follow,
    close: () => clearTimeout(retry),
  }
}
