import type { HostState } from '../../domain/host-state.ts'
import type { Operation, OperationOf } from '../operation.ts'
import type { TuningFacts } from './facts.ts'
import type { TuningKnown } from './known.ts'
import { planTuning } from './plan.ts'
import { interfaceOf, nameOf, type TuningOrigin } from './setting.ts'

type Tune = OperationOf<'tune'>

const isTune = (operation: Operation): operation is Tune => operation.kind === 'tune'

/** Somebody else has changed it since we did. */
const isTheirs = (origin: TuningOrigin | undefined, now: string): boolean => origin !== undefined && origin.ours !== now

/**
 * What has to be changed for the tuning that is `desired`. What the kernel refused is not tried again, and what somebody else has changed
 * since we did is left to them. Pure.
 */
export const tune = (facts: TuningFacts, desired: HostState, known: TuningKnown): Tune[] =>
  planTuning(facts, desired).wanted.flatMap(({ option, setting, to }) => {
    const was = facts.values[nameOf(setting)]
    const origin = known.origins.find((each) => nameOf(each.setting) === nameOf(setting))
    if (was === undefined || was === to || isTheirs(origin, was)) return []
    return known.refusalOf(setting, to) === null ? [{ kind: 'tune', option, setting, to, was }] : []
  })

/**
 * Puts back what is not wanted any more, the last change first, where it still is as we left it. What belongs to an
 * interface that goes is left: it goes with it. Pure.
 */
export const untune = (facts: TuningFacts, desired: HostState, known: TuningKnown): Tune[] => {
  const wanted = new Set(planTuning(facts, desired).wanted.map(({ setting }) => nameOf(setting)))
  const stays = (device: string | null): boolean =>
    device === null || desired.tunnels.some(({ name }) => name === device)
  return known.origins.toReversed().flatMap(({ option, setting, original, ours }) => {
    const isOurs = facts.values[nameOf(setting)] === ours && ours !== original
    if (!isOurs || wanted.has(nameOf(setting)) || !stays(interfaceOf(setting))) return []
    return [{ kind: 'tune', option, setting, to: original, was: ours }]
  })
}

/** Origins once `operations` are done, before anybody has looked what they came to. Pure. */
export const originsWith = (origins: readonly TuningOrigin[], operations: readonly Operation[]): TuningOrigin[] => {
  const known = new Map(origins.map((origin) => [nameOf(origin.setting), origin]))
  for (const { option, setting, to, was } of operations.filter(isTune)) {
    const name = nameOf(setting)
    known.set(name, { option, setting, original: known.get(name)?.original ?? was, ours: to })
  }
  return [...known.values()]
}

/**
 * What to remember of `origins` (which were `before`), now that the host is as `facts` show it: what was refused is still
 * as we had left it before; what is not there any more, is as it was at first, or is neither wanted nor ours, is
 * forgotten. Pure.
 */
export const originsLeft = (
  origins: readonly TuningOrigin[],
  before: readonly TuningOrigin[],
  facts: TuningFacts,
  desired: HostState,
): TuningOrigin[] => {
  const wanted = new Set(planTuning(facts, desired).wanted.map(({ setting }) => nameOf(setting)))
  return origins.flatMap((origin) => {
    const name = nameOf(origin.setting)
    const now = facts.values[name]
    if (now === undefined || now === origin.original) return []
    const former = before.find(({ setting, ours }) => nameOf(setting) === name && ours === now)
    const held = origin.ours === now ? origin : (former ?? origin)
    return wanted.has(name) || now === held.ours ? [held] : []
  })
}

/** What somebody else has changed since we did, in words. Pure. */
export const tuningDrift = (origins: readonly TuningOrigin[], facts: TuningFacts): string[] =>
  origins.flatMap(({ setting, original, ours }) => {
    const now = facts.values[nameOf(setting)]
    if (now === undefined || now === ours) return []
    return [`${nameOf(setting)}: ${now} now; Cloud Mole had set it to ${ours} (before: ${original})`]
  })
