import { MoleError } from '../../../contract/errors.ts'
import { bastionOfSlot } from '../../../domain/tunnel-plan.ts'
import { isAgentless } from '../../rotation/ask-agent.ts'
import { unsettledSlots } from '../../rotation/lanes.ts'
import { listenToEchoes } from '../../rotation/listen-to-echoes.ts'
import { type Rotation, rotateTunnel, settleTunnel } from '../../rotation/rotate-tunnel.ts'
import { applyState } from '../apply-state.ts'
import { bastionOf } from '../bastion-record.ts'
import { plannedHost } from '../planned-host.ts'
import type { StepContext, StepDefinition } from '../step.ts'

type Failure = { readonly slot: number; readonly error: MoleError }

const ENDS_ALL: readonly string[] = ['helper-unreachable', 'disconnected', 'cancelled']

/** What concerns one tunnel alone; anything else ends the step. */
const failureOf = (slot: number, error: unknown, { signal }: StepContext): Failure => {
  signal.throwIfAborted()
  if (!(error instanceof MoleError) || ENDS_ALL.includes(error.code)) throw error
  return { slot, error }
}

/** One after the other: each is applied and tried by itself. */
const rotateOfBastion = async (rotation: Rotation, index: number): Promise<Failure[]> => {
  const { context } = rotation
  const wanted = context.toRotate.filter((slot) => bastionOfSlot(slot) === index)
  const unsettled = unsettledSlots(bastionOf(context.record(), index)).filter((slot) => !wanted.includes(slot))
  const failures: Failure[] = []
  for (const slot of [...unsettled, ...wanted]) {
    try {
      await (wanted.includes(slot) ? rotateTunnel(rotation, slot) : settleTunnel(rotation, slot))
      context.log(wanted.includes(slot) ? `tunnel ${slot} has new keys` : `tunnel ${slot} was settled`)
    } catch (error) {
      const failure = failureOf(slot, error, context)
      context.log(`tunnel ${slot}: ${failure.error.message}`)
      failures.push(failure)
      if (!isAgentless(error)) continue
      context.onAgentless(index)
      break
    }
  }
  return failures
}

/** Applies what is recorded, one at a time: each sees what was recorded for the tunnels of all bastions. */
const openApply = ({ provider, record, signal }: StepContext, helper: Rotation['helper']): Rotation['apply'] => {
  let last: Promise<unknown> = Promise.resolve()
  return async () => {
    const mine = last.then(() => applyState(provider, helper, plannedHost(record()), signal))
    last = mine.catch(() => undefined)
    await mine
  }
}

const notAll = (failures: readonly Failure[], of: number): MoleError => {
  const [{ error }] = failures as [Failure, ...Failure[]]
  if (failures.length === 1 && of <= 1) return error
  const slots = failures.map(({ slot }) => slot).join(', ')
  return new MoleError(error.code, `Not every tunnel has new keys (tunnel ${slots}): ${error.message}`, error.data)
}

/** Replaces the keys of the tunnels asked for, and brings what an earlier rotation began to its end. */
export const rotateKeys: StepDefinition = {
  limitMs: 900_000,
  run: async (context) => {
    const { host, clock, signal } = context
    const helper = await host.ensure(signal)
    const echoes = await listenToEchoes(helper, clock, signal)
    const rotation: Rotation = { context, helper, echoes, apply: openApply(context, helper) }
    try {
      const indexes = context.record().bastions.map(({ index }) => index)
      // All are over before this is: what is still at work would go on behind the next step's back.
      const results = await Promise.allSettled(indexes.map((index) => rotateOfBastion(rotation, index)))
      const failures = results.flatMap((result) => {
        if (result.status === 'rejected') throw result.reason
        return result.value
      })
      // What is only to be settled is tried again, and no reason for a repair to fail.
      const kept = failures.filter(({ slot }) => context.toRotate.includes(slot))
      if (kept.length > 0) throw notAll(kept, context.toRotate.length)
    } finally {
      echoes.close()
    }
  },
}
