import type { ParsedInputOf } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import type { HelperContract, HostObservation } from '../contract/helper.ts'
import { type HostState, NOTHING } from '../domain/host-state.ts'
import { applyState, planState, rollBack, type Workshop } from './apply.ts'
import { readHostState } from './observe/host-state.ts'
import type { Operation } from './operation.ts'
import { makeQueue } from './queue.ts'
import { driftOf, type Reverted, revertAll } from './revert.ts'

/** Who calls: one value a connection. */
export type Caller = symbol

/** The host's one writer: changes happen one after the other, and each caller must know of the one before. */
export type Host = {
  readonly generation: () => number
  readonly inspect: () => Promise<HostObservation>
  readonly plan: (state: HostState) => Promise<readonly Operation[]>
  readonly apply: (input: ParsedInputOf<HelperContract, 'apply'>, caller: Caller) => Promise<readonly Operation[]>
  readonly confirm: (generation: number, caller: Caller) => Promise<void>
  readonly revert: () => Promise<Reverted>
  /**
   * Moves the route between tunnels that are there, by itself and without a word in the journal: at once, also while an
   * apply goes on, which looks again when it is done; but never into what is being taken away.
   */
  readonly urgently: (work: () => Promise<void>) => Promise<void>
  /** Whether a change goes on. */
  readonly isChanging: () => boolean
  /** Work on what is settled, in its turn. Nothing is done while a change waits for its confirmation, or nothing is asked for. */
  readonly whenSettled: <T>(work: (desired: HostState) => Promise<T>) => Promise<T | null>
  /** Ends what a former life left unfinished. Call once, before anybody is served. */
  readonly resume: () => Promise<void>
  /** Stops the timer; what waits for confirmation is undone by the next life. */
  readonly close: () => void
}

export type HostEvents = {
  /** The host changed, or what is asked of it. */
  readonly onChange: () => void
  /** A change has ended, well or badly: what is asked for from now on. Still in its turn. */
  readonly onSettled: (desired: HostState | null) => void
  /** The helper acted by itself; `failures` is what it could not do. */
  readonly onRollBack: (why: string, failures: readonly string[]) => void
}

const nowMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)

const staleGeneration = (asked: number, now: number): MoleError =>
  new MoleError('conflict', `The host is at generation ${now}, not ${asked}.`, {
    field: 'generation',
    meaning: 'Somebody else changed it in between; nothing was changed now.',
    nextStep: 'Look at the host again (hello, inspect), then decide.',
  })

const sameConnection = (): MoleError =>
  new MoleError('denied', 'A change cannot be confirmed over the connection that made it.', {
    field: 'generation',
    meaning: 'Only a fresh connection proves that the helper can still be reached.',
    nextStep: 'Connect anew and confirm.',
  })

/** Puts the parts together: queue, generation check, and the timer that undoes what nobody confirms. */
export const makeHost = (workshop: Workshop, events: HostEvents): Host => {
  const { journal, keys, observe } = workshop
  const queue = makeQueue()
  let timer: NodeJS.Timeout | null = null
  let applier: Caller | null = null
  let isChanging = false
  let isUndoing = false
  let urgent: Promise<unknown> = Promise.resolve()

  const disarm = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  /** What takes things away waits for what moves between them, and lets nothing begin. */
  const undoing = async <T>(work: () => Promise<T>): Promise<T> => {
    isUndoing = true
    try {
      await urgent
      return await work()
    } finally {
      isUndoing = false
    }
  }

  const undoUnconfirmed = async (why: string): Promise<void> => {
    events.onRollBack(why, await rollBack(workshop))
    events.onChange()
  }

  /** The deadline is looked at again in the queue: a confirmation that came first wins. */
  const onDeadline = async (): Promise<void> => {
    const pending = journal.pending()
    if (pending?.phase === 'waiting' && pending.deadlineMs !== null && pending.deadlineMs <= nowMs())
      await undoUnconfirmed('not confirmed in time')
  }

  const arm = (): void => {
    disarm()
    const pending = journal.pending()
    if (pending?.phase !== 'waiting' || pending.deadlineMs === null) return
    const undo = (): Promise<void> =>
      queue(async () => {
        await undoing(onDeadline)
        events.onSettled(journal.settled().desired)
      }).catch((error: unknown) => events.onRollBack('not confirmed in time', [String(error)]))
    timer = setTimeout(() => void undo(), Math.max(0, pending.deadlineMs - nowMs()) + 1)
  }

  const checkGeneration = (asked: number): void => {
    if (asked !== journal.generation()) throw staleGeneration(asked, journal.generation())
  }

  /** Whatever came of a change, the timer follows the journal and watchers are told. */
  const change = <T>(work: () => Promise<T>): Promise<T> =>
    queue(async () => {
      const before = journal.generation()
      isChanging = true
      try {
        return await work()
      } finally {
        isChanging = false
        arm()
        events.onSettled(journal.settled().desired)
        if (journal.generation() !== before) events.onChange()
      }
    })

  const inspect = async (): Promise<HostObservation> => {
    const facts = await observe()
    const asked = journal.settled().desired ?? NOTHING
    const { state, remarks } = readHostState(facts, { keyNameOf: keys.nameOf, asked })
    const { connected } = facts.surroundings
    const drift = [...remarks, ...(await driftOf(workshop, facts))]
    return { generation: journal.generation(), state, connectedNetworks: [...connected], drift }
  }

  const finishInterrupted = async (): Promise<void> => {
    const phase = journal.pending()?.phase
    if (phase === 'applying') await undoUnconfirmed('cut off before it was done')
    if (phase === 'reverting') await revertAll(workshop)
    await onDeadline()
  }

  return {
    generation: journal.generation,
    inspect: () => queue(inspect),
    plan: (state) => queue(() => planState(workshop, state)),
    apply: ({ generation, state, confirmWithinSeconds }, caller) =>
      change(async () => {
        checkGeneration(generation)
        const deadlineMs = confirmWithinSeconds === null ? null : nowMs() + confirmWithinSeconds * 1000
        const operations = await applyState(workshop, state, deadlineMs)
        // Not before: one that was refused has made nothing of what waits for confirmation.
        applier = caller
        return operations
      }),
    confirm: (generation, caller) =>
      change(async () => {
        checkGeneration(generation)
        if (journal.pending() === null) return
        if (caller === applier) throw sameConnection()
        journal.settle()
      }),
    revert: () => change(() => undoing(() => revertAll(workshop))),
    urgently: (work) => {
      if (isUndoing) return queue(work)
      const begun = work()
      urgent = Promise.allSettled([urgent, begun])
      return begun
    },
    isChanging: () => isChanging,
    whenSettled: (work) =>
      change(async () => {
        const { desired } = journal.settled()
        return journal.pending() === null && desired !== null ? work(desired) : null
      }),
    resume: () => change(() => undoing(finishInterrupted)),
    close: disarm,
  }
}
