import { MoleError } from '../contract/errors.ts'
import type { Report } from './report.ts'
import type { Engine, World } from './world.ts'

export type Interruption = {
  /** Aborts at the second Ctrl-C: the person leaves, the act goes on in the engine. */
  readonly signal: AbortSignal
  /** Says the cancellation again, for one that was given before the act had begun. */
  repeat(): void
  stop(): void
}

const FIRST = 'Cancelling, and taking back what was made. Press Ctrl-C again to leave that to the engine.'

/** What a person who leaves in the middle is told. */
export const leftBehind = (): MoleError =>
  new MoleError('cancelled', 'Left: the engine goes on in the background.', {
    meaning: 'It is still taking back what was made.',
    nextStep: '"mole status" shows how far it is; "mole down" makes sure that nothing is left.',
  })

/** During a deployment: the first Ctrl-C cancels it with a roll-back, the second leaves it to the engine. */
export const cancelOnInterrupt = (world: World, report: Report, engine: Engine): Interruption => {
  const abort = new AbortController()
  let presses = 0
  // It may not have begun, or have ended in this very moment; what became of it is seen on the stream.
  const cancel = (): void => void engine.call('deployment.cancel', {}).catch(() => {})
  const stop = world.onInterrupt(() => {
    presses += 1
    if (presses > 1) return abort.abort()
    report.note(FIRST)
    cancel()
  })
  const repeat = (): void => {
    if (presses > 0) cancel()
  }
  return { signal: abort.signal, repeat, stop }
}
