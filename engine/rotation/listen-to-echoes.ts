import { MoleError } from '../../contract/errors.ts'
import type { InterfaceSample } from '../../contract/helper.ts'
import type { Clock } from '../clock.ts'
import type { HelperClient } from '../cloud/provider.ts'

/** What the helper hears of each interface. */
export type Echoes = {
  /** Whether an echo has come back through it lately. */
  answers(interfaceName: string): boolean
  /**
   * Waits until one comes back; `false` when none did in so long, and in as many samples as come in that time: those that
   * were late tell of before.
   */
  await(interfaceName: string, patienceMs: number): Promise<boolean>
  close(): void
}

const ended = (): MoleError =>
  new MoleError('helper-unreachable', 'The helper ended in the middle of it.', {
    field: 'helper',
    meaning: 'What was begun is recorded.',
    nextStep: 'It is finished once the helper answers again, or by "mole up".',
  })

const isAnswering = ({ rttMs, verdict }: InterfaceSample): boolean => rttMs !== null && verdict !== 'dead'

/** The helper samples once a second. */
const SAMPLE_MS = 1000

/** Begins to listen; gives what is heard once a first sample is there. */
export const listenToEchoes = async (helper: HelperClient, clock: Clock, signal: AbortSignal): Promise<Echoes> => {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  let answering: ReadonlySet<string> = new Set()
  let changed = Promise.withResolvers<void>()
  let isEnded = false

  const follow = async (): Promise<void> => {
    for await (const event of helper.stream('watch', {}, { signal: either })) {
      if (event.kind !== 'sample') continue
      answering = new Set(event.interfaces.filter(isAnswering).map(({ name }) => name))
      changed.resolve()
      changed = Promise.withResolvers()
    }
  }
  // Its end is told by whoever waits next: an error here has nobody to go to.
  void follow()
    .catch(() => undefined)
    .finally(() => {
      isEnded = true
      changed.resolve()
    })

  const next = async (): Promise<void> => {
    if (!isEnded) await changed.promise
    signal.throwIfAborted()
    if (isEnded) throw ended()
  }

  const heard = async (interfaceName: string, patienceMs: number): Promise<boolean> => {
    const untilMs = clock.monotonicMs() + patienceMs
    for (let count = 0; !answering.has(interfaceName); count += 1) {
      if (count * SAMPLE_MS >= patienceMs && clock.monotonicMs() >= untilMs) return false
      await next()
    }
    return true
  }

  await next()
  return {
    answers: (name) => answering.has(name),
    await: heard,
    close: () => over.abort(),
  }
}
