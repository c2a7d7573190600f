import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from './limits.ts'
import { type Failure, startOutgoingStream } from './outgoing-stream.ts'
import { STREAM_WINDOW } from './stream-protocol.ts'

async function* upTo(count: number) {
  for (let n = 1; n <= count; n += 1) yield n
}

const run = (delivery: 'latest' | 'all', events: () => AsyncIterable<unknown>, streamQueue: number) => {
  const received: { seq: number; event: unknown }[] = []
  const ended = Promise.withResolvers<Failure | null>()
  const abort = new AbortController()
  const stream = startOutgoingStream({
    delivery,
    limits: { ...DEFAULT_LIMITS, streamQueue, slowReaderMs: 20 },
    abort,
    events,
    send: async (seq, event) => void received.push({ seq, event }),
    onEnd: ended.resolve,
  })
  return { stream, received, ended: ended.promise, abort }
}

describe('an outgoing stream', () => {
  it('sends without acknowledgement what fits the window, and counts it', async () => {
    const { received, ended } = run('all', () => upTo(STREAM_WINDOW), 4)
    expect(await ended).toBeNull()
    expect(received.map(({ seq }) => seq)).toEqual(Array.from({ length: STREAM_WINDOW }, (_, i) => i + 1))
  })

  it('drops the oldest of a full queue when it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }), async (count, room) => {
        const finished = Promise.withResolvers<void>()
        const events = async function* () {
          yield* upTo(count)
          finished.resolve()
        }
        const { stream, received, ended } = run('latest', events, room)
        await finished.promise
        stream.acknowledge(Math.min(count, STREAM_WINDOW))
        expect(await ended).toBeNull()
        const kept = Math.min(count, STREAM_WINDOW + room)
        const values = received.map(({ event }) => event)
        expect(values.slice(0, STREAM_WINDOW)).toEqual(
          Array.from({ length: Math.min(count, STREAM_WINDOW) }, (_, i) => i + 1),
        )
        expect(values).toHaveLength(kept)
        expect(values.at(-1)).toBe(count)
      }),
      { numRuns: 30 },
    )
  })

  it('ends as "slow-reader" when it may drop nothing and nobody reads', async () => {
    const { received, ended, stream } = run('all', () => upTo(1000), 8)
    expect(await ended).toMatchObject({ error: { code: 'slow-reader' } })
    expect(received).toHaveLength(STREAM_WINDOW)
    await stream.settled
  })

  it('sends what came before a failure, then the failure', async () => {
    const events = async function* () {
      yield* upTo(STREAM_WINDOW + 5)
      throw new Error('broken')
    }
    const { stream, received, ended } = run('all', events, 100)
    await expect.poll(() => received.length).toBe(STREAM_WINDOW)
    stream.acknowledge(STREAM_WINDOW)
    expect(await ended).toMatchObject({ error: { message: 'broken' } })
    expect(received).toHaveLength(STREAM_WINDOW + 5)
  })

  it('believes no acknowledgement of what was never sent', async () => {
    const { stream, received, abort } = run('all', () => upTo(STREAM_WINDOW + 1), 100)
    await expect.poll(() => received.length).toBe(STREAM_WINDOW)
    for (const seq of [STREAM_WINDOW + 1, 1e9]) stream.acknowledge(seq)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(received).toHaveLength(STREAM_WINDOW)
    abort.abort()
    await stream.settled
  })

  it('lets everybody else run beside a generator that never waits', async () => {
    async function* endless() {
      for (;;) yield 0
    }
    const { stream, abort } = run('latest', endless, 8)
    setTimeout(() => abort.abort(), 0)
    await expect(stream.settled).resolves.toBeUndefined()
  })
})
