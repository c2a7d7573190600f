import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { presentToken } from './authenticate.ts'
import { connect } from './connect.ts'
import type { Client } from './define.ts'
import { ErrorCode, MoleError } from './errors.ts'
import { DEFAULT_LIMITS, MAX_FRAME_BYTES } from './limits.ts'
import { STREAM_WINDOW } from './stream-protocol.ts'
import {
  BROKEN_FRAMES,
  EMPTY_NOTICES,
  OVERSIZED_FRAMES,
  REFUSED_REQUESTS,
  WRONG_TOKENS,
} from './testing/hostile-input.ts'
import { type RawPeer, rawPeer, trustedPeer } from './testing/raw-peer.ts'
import { type Line, type Server, transports } from './testing/transports.ts'
import { Ledger, SECRET, TOKEN, type WorldContract, worldContract } from './testing/world.ts'

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof MoleError ? error.code : `not a MoleError: ${String(error)}`),
  )

/** The last word to a peer that does not speak the protocol. */
const NOTICE = { id: null, error: { message: expect.stringMatching(/^The peer sent /) } }

const expectGoodAnswer = async (peer: RawPeer): Promise<void> => {
  const answer = await peer.ask('echo', '{"text":"good"}')
  expect(answer).toMatchObject({ code: null, result: { text: 'good', tags: 0 } })
}

const echoes = async (client: Client<WorldContract>): Promise<void> =>
  expect(await client.call('echo', { text: 'good' })).toEqual({ text: 'good', tags: 0 })

const ledgerUntil = async (client: Client<WorldContract>, isExpected: (ledger: Ledger) => boolean): Promise<void> => {
  while (!isExpected(await client.call('ledger', {}))) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe.each(transports)('over $name', ({ start, isCheap }) => {
  let server: Server
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  const trusted = async (): Promise<RawPeer> => trustedPeer(await server.open())
  const client = async (): Promise<{ client: Client<WorldContract>; line: Line }> => {
    const line = await server.open()
    await presentToken(line.port, TOKEN)
    return { client: connect(worldContract, line.port), line }
  }
  /** A process of its own for each connection says nothing of another; a crash of one shows when it ends. */
  const expectGoodServer = async (): Promise<void> => {
    if (!isCheap) return
    const peer = await trusted()
    await expectGoodAnswer(peer)
    peer.leave()
  }

  describe('a request that the contract does not accept', () => {
    let peer: RawPeer
    beforeAll(async () => {
      peer = await trusted()
    })
    afterAll(() => peer.leave())

    it.each(REFUSED_REQUESTS)('%s is refused', async (_, method, params, code) => {
      const answer = await peer.ask(method, params)
      expect(answer.code).toBe(code)
      expect(answer.text.length).toBeLessThan(2000)
      await expectGoodAnswer(peer)
      expect(({} as { isPolluted?: boolean }).isPolluted).toBeUndefined()
    })

    it('is refused without parameters too', async () => {
      peer.sendFrame('{"jsonrpc":"2.0","id":"bare","method":"echo"}')
      const answer = await peer.until((seen) => seen.find(({ id }) => id === 'bare'))
      expect(answer).toMatchObject({ error: { data: { code: 'bad-input' } } })
    })

    it('and notices that mean nothing change nothing', async () => {
      for (const notice of EMPTY_NOTICES) peer.sendFrame(notice)
      await expectGoodAnswer(peer)
    })

    it('two requests with one id harm only who sent them', async () => {
      for (let i = 0; i < 3; i += 1)
        peer.sendFrame('{"jsonrpc":"2.0","id":7,"method":"echo","params":{"text":"twice"}}')
      await peer.until((seen) => seen.find(({ id }) => id === 7))
      await expectGoodAnswer(peer)
    })

    it('a stream number that is in use is refused, and that stream goes on', async () => {
      const input = '{"stream":5,"method":"idle","input":{}}'
      expect((await peer.ask('stream.open', input)).code).toBeNull()
      expect((await peer.ask('stream.open', input)).code).toBe('bad-input')
      peer.sendFrame('{"jsonrpc":"2.0","method":"stream.close","params":{"stream":5}}')
      await expectGoodAnswer(peer)
      expect(peer.seen.filter(({ method }) => method === 'stream.end')).toEqual([])
    })
  })

  describe('a peer that does not speak the protocol', () => {
    it.each(BROKEN_FRAMES)('is told so and cut off after %s', async (_, frame) => {
      const peer = await trusted()
      await expectGoodAnswer(peer)
      peer.sendFrame(frame)
      await peer.closed
      expect(peer.seen.at(-1)).toMatchObject(NOTICE)
      await expectGoodServer()
    })

    it.each(OVERSIZED_FRAMES)('is cut off after %s', async (_, frame) => {
      const peer = await trusted()
      peer.sendFrame(frame)
      await peer.closed
      await expectGoodServer()
    })
  })

  describe('frames', () => {
    it('of just 1 MiB pass', async () => {
      const peer = await trusted()
      const bare = '{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":""}}'
      peer.sendFrame(bare.replace('""', `"${'x'.repeat(MAX_FRAME_BYTES - bare.length)}"`))
      const answer = await peer.until((seen) => seen.find(({ id }) => id === 1))
      expect(JSON.stringify(answer).length).toBeGreaterThan(MAX_FRAME_BYTES - 100)
      peer.leave()
    })

    it('too large to answer or to ask with become errors, and the connection stays', async () => {
      const { client: mole } = await client()
      expect(await codeOf(mole.call('large', { characters: 2 * MAX_FRAME_BYTES }))).toBe('internal')
      expect(await codeOf(mole.call('echo', { text: 'x'.repeat(2 * MAX_FRAME_BYTES) }))).toBe('bad-input')
      await echoes(mole)
      mole.close()
    })
  })

  describe('failures of our own', () => {
    it.each([
      ['error', 'internal'],
      ['text', 'internal'],
      ['number', 'internal'],
      ['null', 'internal'],
      ['undefined', 'internal'],
      ['hostile-object', 'internal'],
      ['mole', 'conflict'],
      ['cause', 'timeout'],
    ] as const)('a handler that throws (%s) is answered %s, without the detail', async (how, code) => {
      const peer = await trusted()
      const answer = await peer.ask('fail', JSON.stringify({ how }))
      expect(answer.code).toBe(code)
      expect(answer.text).not.toContain(SECRET)
      await peer.ask('stream.open', JSON.stringify({ stream: 1, method: 'breakOff', input: { how } }))
      const end = await peer.until((seen) => seen.find(({ method }) => method === 'stream.end'))
      expect(end).toMatchObject({ params: { stream: 1, error: { code } } })
      expect(JSON.stringify(end)).not.toContain(SECRET)
      await expectGoodAnswer(peer)
      peer.leave()
    })

    it('an error keeps its message and data on the way', async () => {
      const { client: mole } = await client()
      const error = await mole.call('fail', { how: 'mole' }).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(MoleError)
      expect(error).toMatchObject({
        code: 'conflict',
        message: 'Somebody else is writing.',
        data: { field: 'state', nextStep: 'Try again.' },
      })
      mole.close()
    })

    it('an answer that breaks the contract is internal and never sent', async () => {
      const peer = await trusted()
      for (const how of ['wrong', 'missing', 'extra', 'nothing']) {
        const answer = await peer.ask('lie', JSON.stringify({ how }))
        expect(answer.code).toBe('internal')
        expect(answer.text).not.toContain(SECRET)
      }
      await expectGoodAnswer(peer)
      peer.leave()
    })

    it('an event that breaks the contract ends its stream as internal', async () => {
      const { client: mole } = await client()
      const events: number[] = []
      const reading = async () => {
        for await (const event of mole.stream('lieLater', {})) events.push(event)
      }
      expect(await codeOf(reading())).toBe('internal')
      expect(events).toEqual([1])
      await echoes(mole)
      mole.close()
    })
  })

  describe('cancelling and leaving', () => {
    it('a cancelled call ends at once, and its handler hears of it', async () => {
      const { client: mole } = await client()
      const { waitsStarted, waitsAborted } = await mole.call('ledger', {})
      const abort = new AbortController()
      const waiting = codeOf(mole.call('wait', {}, abort))
      await ledgerUntil(mole, (ledger) => ledger.waitsStarted === waitsStarted + 1)
      abort.abort()
      expect(await waiting).toBe('cancelled')
      await ledgerUntil(mole, (ledger) => ledger.waitsAborted === waitsAborted + 1)
      mole.close()
    })

    it('a call that is cancelled in the turn it is made leaves nothing running', async () => {
      const { client: mole } = await client()
      const { waitsStarted } = await mole.call('ledger', {})
      const abort = new AbortController()
      const waiting = codeOf(mole.call('wait', {}, abort))
      abort.abort()
      expect(await waiting).toBe('cancelled')
      expect(await codeOf(mole.call('wait', {}, abort))).toBe('cancelled')
      // What did start in spite of it was told at once.
      await ledgerUntil(mole, (ledger) => ledger.waitsStarted === ledger.waitsAborted)
      expect((await mole.call('ledger', {})).waitsStarted).toBeLessThanOrEqual(waitsStarted + 1)
      mole.close()
    })

    it('leaving the loop, and aborting, close a stream on the server', async () => {
      const { client: mole } = await client()
      const { streamsFinished } = await mole.call('ledger', {})
      for await (const event of mole.stream('idle', {})) {
        expect(event).toBe('here')
        break
      }
      await ledgerUntil(mole, (ledger) => ledger.streamsFinished === streamsFinished + 1)
      const abort = new AbortController()
      const reading = async () => {
        for await (const _ of mole.stream('idle', {}, { signal: abort.signal })) abort.abort()
      }
      expect(await codeOf(reading())).toBe('cancelled')
      await ledgerUntil(mole, (ledger) => ledger.streamsFinished === streamsFinished + 2)
      mole.close()
    })

    it('a peer that goes in the middle of everything leaves nothing running', async () => {
      const own = await start()
      const line = await own.open()
      await presentToken(line.port, TOKEN)
      const mole = connect(worldContract, line.port)
      const waiting = codeOf(mole.call('wait', {}))
      const abandoned = mole.stream('idle', {})[Symbol.asyncIterator]()
      const unread = mole.stream('count', { count: 100_000 })[Symbol.asyncIterator]()
      await abandoned.next()
      await unread.next()
      await ledgerUntil(mole, ({ waitsStarted }) => waitsStarted === 1)
      line.port.writer.end()
      expect(await waiting).toBe('disconnected')
      expect(await codeOf(abandoned.next())).toBe('disconnected')
      await mole.closed
      expect(await codeOf(mole.call('echo', { text: 'late' }))).toBe('disconnected')
      const isClean = (ledger: Ledger) => ledger.waitsAborted === 1 && ledger.streamsFinished === 2
      expect(await own.ledger(isClean)).toMatchObject({ waitsStarted: 1, streamsStarted: 2 })
      await own.stop()
    })

    it('a server that goes ends every call and stream with "disconnected"', async () => {
      const own = await start()
      const line = await own.open()
      await presentToken(line.port, TOKEN)
      const mole = connect(worldContract, line.port)
      const stream = mole.stream('idle', {})[Symbol.asyncIterator]()
      await stream.next()
      const pending = [mole.call('wait', {}), stream.next(), mole.call('hangUp', {})].map(codeOf)
      expect(await Promise.all(pending)).toEqual(['disconnected', 'disconnected', 'disconnected'])
      await mole.closed
      await own.stop()
    })
  })

  describe('too much', () => {
    it('many calls at once are all answered', async () => {
      const { client: mole } = await client()
      const texts = Array.from({ length: DEFAULT_LIMITS.concurrentCalls }, (_, i) => `${i}`)
      const answers = await Promise.all(texts.map((text) => mole.call('echo', { text })))
      expect(answers.map(({ text }) => text)).toEqual(texts)
      mole.close()
    })

    it('calls and streams beyond the bound are refused until others have ended', async () => {
      const { client: mole } = await client()
      const abort = new AbortController()
      const { concurrentCalls, concurrentStreams } = DEFAULT_LIMITS
      const waiting = Array.from({ length: concurrentCalls }, () => codeOf(mole.call('wait', {}, abort)))
      expect(await codeOf(mole.call('echo', { text: 'one more' }))).toBe('capacity')
      abort.abort()
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['cancelled']))
      // The caller need not wait for the handlers to end; the server counts them until they have.
      await expect.poll(() => codeOf(echoes(mole))).toBe('no error')

      const leave = new AbortController()
      const open = () => mole.stream('idle', {}, leave)[Symbol.asyncIterator]().next()
      await Promise.all(Array.from({ length: concurrentStreams }, open))
      expect(await codeOf(open())).toBe('capacity')
      leave.abort()
      const openAnother = () => mole.stream('idle', {})[Symbol.asyncIterator]().next()
      await expect.poll(() => codeOf(openAnother())).toBe('no error')
      mole.close()
    })

    it('a stream that may drop nothing reaches a reader that keeps up whole, however fast it is', async () => {
      const { client: mole } = await client()
      const events: number[] = []
      for await (const event of mole.stream('count', { count: 3000 })) events.push(event)
      expect(events).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1))
      mole.close()
    })

    it('a stream that may drop nothing ends with "slow-reader" when its reader stops', async () => {
      const peer = await trusted()
      await peer.ask('stream.open', '{"stream":1,"method":"count","input":{"count":100000}}')
      const end = await peer.until((seen) => seen.find(({ method }) => method === 'stream.end'))
      expect(end).toMatchObject({ params: { error: { code: 'slow-reader' } } })
      expect(peer.seen.filter(({ method }) => method === 'stream.event')).toHaveLength(STREAM_WINDOW)
      await expectGoodAnswer(peer)
      peer.leave()
    })

    it('a stream that may drop skips the middle for a slow reader, never the first nor the last', async () => {
      const peer = await trusted()
      const finished = async () => Ledger.parse((await peer.ask('ledger', '{}')).result).streamsFinished
      const finishedBefore = await finished()
      await peer.ask('stream.open', '{"stream":1,"method":"sample","input":{"count":5000}}')
      const events = () =>
        peer.seen.filter(({ method }) => method === 'stream.event').map(({ params }) => params as Event)
      type Event = { seq: number; event: number }
      await peer.until(() => (events().length === STREAM_WINDOW ? true : undefined))
      // By the time the handler has made all its events, the queue has dropped what it could not hold.
      while ((await finished()) === finishedBefore) await new Promise((resolve) => setTimeout(resolve, 5))
      const ended = peer.until((seen) => seen.find(({ method }) => method === 'stream.end'))
      const acknowledging = async () => {
        for (let done = 0; ; ) {
          const seq = await peer.until(() => events().findLast((event) => event.seq > done)?.seq)
          done = seq
          peer.sendFrame(`{"jsonrpc":"2.0","method":"stream.ack","params":{"stream":1,"seq":${seq}}}`)
        }
      }
      acknowledging().catch(() => {})
      expect(await ended).toMatchObject({ params: { error: null } })
      const received = events()
      expect(received.map(({ seq }) => seq)).toEqual(received.map((_, i) => i + 1))
      const values = received.map(({ event }) => event)
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect([values[0], values.at(-1)]).toEqual([1, 5000])
      expect(values.length).toBeLessThan(5000)
      peer.leave()
    })
  })

  describe('the token', () => {
    it.each(WRONG_TOKENS)('is not %s: the peer is cut off without a word', async (_, frame) => {
      const peer = rawPeer(await server.open())
      peer.sendFrame(frame)
      peer.sendFrame('{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"a"}}')
      await peer.closed
      expect(peer.seen).toEqual([])
    })

    it('must come in time', async () => {
      const impatient = await start(50)
      const peer = rawPeer(await impatient.open())
      await peer.closed
      expect(peer.seen).toEqual([])
      await impatient.stop()
      await expectGoodServer()
    })

    it('may be followed by requests at once', async () => {
      const peer = rawPeer(await server.open())
      peer.sendFrame(JSON.stringify({ token: TOKEN }))
      await expectGoodAnswer(peer)
      peer.leave()
    })
  })

  describe('whatever is said', () => {
    const numRuns = isCheap ? 60 : 5
    const id = fc.oneof(fc.integer(), fc.string())
    const name = fc.oneof(
      fc.constantFrom(...Object.keys(worldContract).filter((method) => method !== 'hangUp' && method !== 'wait')),
      fc.constantFrom('stream.open', 'stream.ack', 'stream.close', 'stream.event', '__proto__', '$/progress'),
      fc.string(),
    )
    const input = fc.oneof(
      fc.jsonValue(),
      fc.record({ text: fc.jsonValue(), tags: fc.jsonValue() }, { requiredKeys: [] }),
      fc.record({ stream: fc.integer({ min: -1, max: 3 }), method: name, input: fc.jsonValue(), seq: fc.integer() }),
    )
    const almostJsonRpc = fc.record(
      {
        jsonrpc: fc.constantFrom('2.0', '2.0', '2.0', '1.0'),
        id: fc.oneof(id, fc.jsonValue()),
        method: fc.oneof(name, fc.jsonValue()),
        params: input,
        result: fc.jsonValue(),
        error: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )

    it('a well-formed request is answered once, and so is the next', async () => {
      const peer = await trusted()
      let last = 0
      const wellFormed = async (method: string, params: unknown) => {
        last += 1
        const own = `own-${last}`
        peer.sendFrame(JSON.stringify({ jsonrpc: '2.0', id: own, method, params }))
        const answer = await peer.until((seen) => seen.find((message) => message.id === own))
        const code = (answer.error as { data?: { code?: unknown } } | undefined)?.data?.code
        expect(answer.error === undefined || ErrorCode.safeParse(code).success).toBe(true)
        await expectGoodAnswer(peer)
        expect(peer.seen.filter((message) => message.id === own)).toHaveLength(1)
      }
      await fc.assert(fc.asyncProperty(name, input, wellFormed), { numRuns: 60 })
      peer.leave()
    })

    it('the server lives, and answers on the same connection or has closed it', async () => {
      const anything = async (messages: unknown[]) => {
        const peer = await trusted()
        for (const message of messages) peer.sendFrame(JSON.stringify(message))
        await Promise.race([expectGoodAnswer(peer).catch(() => peer.closed), peer.closed])
        peer.leave()
        await peer.closed
        await expectGoodServer()
      }
      const frames = fc.array(fc.oneof(fc.jsonValue(), almostJsonRpc), { minLength: 1, maxLength: 5 })
      await fc.assert(fc.asyncProperty(frames, anything), { numRuns })
    })
  })
})

describe.each(transports.filter(({ carriesBytes }) => carriesBytes))('bytes over $name', ({ start }) => {
  let server: Server
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  const open = async (): Promise<{ peer: RawPeer; sendBytes(bytes: Uint8Array): void }> => {
    const line = await server.open()
    return { peer: await trustedPeer(line), sendBytes: (bytes) => line.sendBytes?.(bytes) }
  }

  it('torn into single ones, or many frames in one chunk, are put together again', async () => {
    const { peer, sendBytes } = await open()
    const text = 'ä€😀'
    const frame = new TextEncoder().encode(`{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"${text}"}}\n`)
    for (const byte of frame) {
      sendBytes(new Uint8Array([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await peer.until((seen) => seen.find(({ id }) => id === 1))).toMatchObject({ result: { text } })
    sendBytes(new Uint8Array([...frame, ...frame]))
    await expectGoodAnswer(peer)
    peer.leave()
  })

  it('that are not UTF-8 end the connection', async () => {
    const { peer, sendBytes } = await open()
    await expectGoodAnswer(peer)
    sendBytes(new Uint8Array([0x22, 0xc3, 0x28, 0x22, 0x0a]))
    await peer.closed
    expect(peer.seen.at(-1)).toMatchObject(NOTICE)
  })

  it('that never come to a line end are not kept for ever', async () => {
    const { peer, sendBytes } = await open()
    const filler = new Uint8Array(256 * 1024).fill(0x20)
    for (let sent = 0; sent <= MAX_FRAME_BYTES; sent += filler.length) sendBytes(filler)
    await expect(peer.closed).resolves.toBeUndefined()
  })

  it('that end in the middle of a frame end the connection', async () => {
    const { peer, sendBytes } = await open()
    sendBytes(new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"meth'))
    peer.leave()
    await expect(peer.closed).resolves.toBeUndefined()
  })
})
