import type { ProbeTarget } from '../../domain/probe/request.ts'
import type { Activity } from '../activity.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { Store } from '../store/store.ts'
import { isMade } from './targets/open-target.ts'
import type { OpenTarget, TargetMaker } from './targets/target.ts'

/** What is made for probes: written down before it is made, and forgotten when it is proved to be gone. */
export type Makings = {
  readonly open: OpenTarget<ProbeTarget>
  /** Begins to take away what was made for a probe. What fails is told, and tried again later. */
  remove(probeId: string): void
  /** Begins to take away what earlier engines, or earlier tries, have left. */
  recover(): void
  /** Resolves when no such removal is going on any more. */
  settled(kind?: ProbeTarget['kind']): Promise<void>
  isBusy(): boolean
  /** Waits for removals to be over, for so long; whoever opens the engine again goes on with what is not. */
  close(patienceMs: number): Promise<void>
}

type Environment = {
  readonly store: Pick<Store, 'probeSites' | 'noteProbeSite' | 'forgetProbeSite'>
  readonly maker: TargetMaker<ProbeTarget>
  readonly activity: Pick<Activity, 'add'>
  readonly log: Log
  /** A removal has ended. */
  onSettled(): void
}

type Removal = { readonly kind: ProbeTarget['kind']; readonly done: Promise<void> }

export const openMakings = ({ store, maker, activity, log, onSettled }: Environment): Makings => {
  const closing = new AbortController()
  const inUse = new Set<string>()
  const removals = new Map<string, Removal>()

  const removeNow = async (probeId: string, target: ProbeTarget): Promise<void> => {
    const tell = (line: string): void => log.info({ probeId }, line)
    try {
      await maker.remove(target, { id: probeId, tell, signal: closing.signal })
      store.forgetProbeSite(probeId)
      if (target.kind === 'aws') activity.add('info', 'probe.cleaned', `The bastion of ${probeId} is gone.`)
    } catch (error) {
      const { message } = problemOf(error, log)
      if (closing.signal.aborted) return
      activity.add('error', 'probe.left', `What ${probeId} made could not be taken away yet: ${message}`)
    }
  }

  const remove = (probeId: string): void => {
    inUse.delete(probeId)
    const record = store.probeSites().find((each) => each.probeId === probeId)
    if (record === undefined || removals.has(probeId)) return
    const done = removeNow(probeId, record.target).finally(() => {
      removals.delete(probeId)
      onSettled()
    })
    removals.set(probeId, { kind: record.target.kind, done })
  }

  const settled = async (kind?: ProbeTarget['kind']): Promise<void> => {
    const awaited = [...removals.values()].filter((each) => kind === undefined || each.kind === kind)
    await Promise.all(awaited.map(({ done }) => done))
  }

  return {
    open: (target, context) => {
      if (isMade(target)) {
        inUse.add(context.id)
        store.noteProbeSite({ probeId: context.id, target })
      }
      return maker.open(target, context)
    },
    remove,
    recover: () => {
      for (const { probeId } of store.probeSites()) if (!inUse.has(probeId)) remove(probeId)
    },
    settled,
    isBusy: () => removals.size > 0,
    close: async (patienceMs) => {
      const limit = setTimeout(() => closing.abort(), patienceMs)
      await settled()
      clearTimeout(limit)
    },
  }
}
