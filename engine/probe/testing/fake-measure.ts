import type { MeasureEvent, MeasureRequest } from '../../../contract/probe.ts'
import { hang } from '../../testing/fake-world.ts'
import type { Measure, Place } from '../run-measurement.ts'
import { cannedEvents } from './canned.ts'

/** A program that measures nothing. */
export type FakeMeasure = {
  readonly measure: Measure
  /** What was asked, in order, and from where. */
  readonly asked: { readonly place: Place; readonly request: MeasureRequest }[]
  /** Measurements that go on. */
  running: number
  /** What is said to a request; it may be replaced. */
  answer(request: MeasureRequest): MeasureEvent[]
  /** Requests of this kind say what they have to say, and then go on until they are cancelled. */
  hangsAt: MeasureRequest['do'] | null
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  Promise.race([
    hang(),
    new Promise<never>((_, reject) => {
      const end = (): void => reject(signal.reason)
      if (signal.aborted) end()
      else signal.addEventListener('abort', end, { once: true })
    }),
  ])

export const openFakeMeasure = (): FakeMeasure => {
  const fake: FakeMeasure = {
    asked: [],
    running: 0,
    hangsAt: null,
    answer: cannedEvents,
    measure: async (place, request, hear, signal) => {
      fake.asked.push({ place, request })
      fake.running += 1
      try {
        for (const event of fake.answer(request)) hear(event)
        if (fake.hangsAt === request.do) await untilAborted(signal)
        signal.throwIfAborted()
      } finally {
        fake.running -= 1
      }
    },
  }
  return fake
}
