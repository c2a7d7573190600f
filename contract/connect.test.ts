import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { appContract, DeploymentView } from './app.ts'
import { connect } from './connect.ts'
import { type Client, call, type Handlers, stream } from './define.ts'
import { MoleError } from './errors.ts'
import type { helperContract } from './helper.ts'
import { memoryPorts } from './ports/memory.ts'
import { STREAM_EVENT, STREAM_OPEN } from './stream-protocol.ts'

const contract = {
  add: call('read', z.strictObject({ a: z.number(), b: z.number().default(1) }), z.strictObject({ sum: z.number() })),
  tick: stream('read', z.strictObject({ everyMs: z.int() }), z.strictObject({ n: z.int() })),
} as const

describe('connect', () => {
  it('infers inputs, outputs and events from the contract alone', () => {
    const [port] = memoryPorts()
    const client = connect(contract, port)
    expectTypeOf(client).toEqualTypeOf<Client<typeof contract>>()
    expectTypeOf(client.call<'add'>)
      .parameter(1)
      .toEqualTypeOf<{ a: number; b?: number | undefined }>()
    expectTypeOf(client.call<'add'>).returns.resolves.toEqualTypeOf<{ sum: number }>()
    expectTypeOf(client.stream<'tick'>).returns.toEqualTypeOf<AsyncIterable<{ n: number }>>()
    expectTypeOf<Parameters<Handlers<typeof contract>['add']>[0]>().toEqualTypeOf<{ a: number; b: number }>()
    // @ts-expect-error a stream is no call
    expectTypeOf(client.call<'tick'>).toBeFunction()
    // @ts-expect-error a call is no stream
    expectTypeOf(client.stream<'add'>).toBeFunction()
    // @ts-expect-error there is no such method
    expectTypeOf(client.call<'subtract'>).toBeFunction()
    client.close()
  })

  it('infers the two real contracts', () => {
    type App = Client<typeof appContract>
    type Helper = Client<typeof helperContract>
    expectTypeOf<ReturnType<App['stream']>>().toExtend<AsyncIterable<unknown>>()
    expectTypeOf<Handlers<typeof appContract>['deployment.watch']>().returns.toEqualTypeOf<
      AsyncIterable<DeploymentView>
    >()
    expectTypeOf<Handlers<typeof helperContract>['hello']>().returns.resolves.toHaveProperty('generation')
    expectTypeOf<Helper['closed']>().toEqualTypeOf<Promise<void>>()
  })

  it('refuses a method the contract does not have, without asking', async () => {
    const [port] = memoryPorts()
    const client = connect(contract, port)
    const error = await client.call('toString' as 'add', { a: 1 }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(MoleError)
    expect(error).toMatchObject({ code: 'not-found' })
    client.close()
  })

  it('ends a stream whose events are not counted without gaps', async () => {
    const [port, server] = memoryPorts()
    const client = connect(contract, port)
    server.reader.listen((message) => {
      const { id, method, params } = message as unknown as { id: number; method: string; params: { stream: number } }
      if (method !== STREAM_OPEN) return
      const say = (fields: object) => server.writer.write({ jsonrpc: '2.0', ...fields })
      void say({ id, result: null })
      for (const seq of [1, 3])
        void say({ method: STREAM_EVENT, params: { stream: params.stream, seq, event: { n: seq } } })
    })
    const reading = async () => {
      for await (const { n } of client.stream('tick', { everyMs: 1 })) expect(n).toBe(1)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'internal' })
    client.close()
  })

  it('a reader may leave while it waits', async () => {
    const [port] = memoryPorts()
    const client = connect(contract, port)
    const iterator = client.stream('tick', { everyMs: 1 })[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await iterator.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    client.close()
  })
})
