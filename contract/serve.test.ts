import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connect } from './connect.ts'
import type { LogEntry } from './connection.ts'
import { call, type Handlers, stream } from './define.ts'
import { MoleError } from './errors.ts'
import { memoryPorts } from './ports/memory.ts'
import { type ServeOptions, serve } from './serve.ts'

const contract = {
  'box.look': call('read', z.strictObject({ depth: z.int().default(3) }), z.strictObject({ seen: z.int() })),
  'box.fill': call('write', z.strictObject({}), z.strictObject({})),
  'box.watch': stream('read', z.strictObject({}), z.strictObject({ full: z.boolean() })),
  'box.shake': stream('write', z.strictObject({}), z.int()),
  'box.burn': call('read', z.strictObject({}), z.strictObject({})),
} as const

const handlers: Handlers<typeof contract> = {
  'box.look': async ({ depth }) => ({ seen: depth }),
  'box.fill': async () => ({}),
  'box.watch': async function* () {
    yield { full: false }
    yield { full: true }
  },
  'box.shake': async function* () {
    yield 1
  },
  'box.burn': async () => {
    throw new Error('the match was wet')
  },
}

const joined = (options: ServeOptions = {}) => {
  const [here, there] = memoryPorts()
  const service = serve(contract, handlers, there, options)
  return { service, client: connect(contract, here) }
}

const errorOf = (promise: Promise<unknown>): Promise<MoleError> =>
  promise.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => (error instanceof MoleError ? error : expect.fail(`not a MoleError: ${String(error)}`)),
  )

const collect = async <T>(events: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('serve', () => {
  it('answers calls and streams, with defaults filled in', async () => {
    const { client } = joined()
    expect(await client.call('box.look', {})).toEqual({ seen: 3 })
    expect(await client.call('box.look', { depth: 9 })).toEqual({ seen: 9 })
    expect(await collect(client.stream('box.watch', {}))).toEqual([{ full: false }, { full: true }])
    client.close()
  })

  it('opens a stream anew for each reader of it', async () => {
    const { client } = joined()
    const watch = client.stream('box.watch', {})
    expect(await Promise.all([collect(watch), collect(watch)])).toEqual([await collect(watch), await collect(watch)])
    client.close()
  })

  it('lets a reading connection read, and denies it the rest', async () => {
    const { client } = joined({ access: 'read' })
    expect(await client.call('box.look', {})).toEqual({ seen: 3 })
    expect(await errorOf(client.call('box.fill', {}))).toMatchObject({ code: 'denied', data: { field: 'method' } })
    expect((await errorOf(collect(client.stream('box.shake', {})))).code).toBe('denied')
    client.close()
  })

  it('names the field that is wrong', async () => {
    const { client } = joined()
    const error = await errorOf(client.call('box.look', { depth: 'deep' as unknown as number }))
    expect(error).toMatchObject({ code: 'bad-input', data: { field: 'depth' } })
    expect(error.message).toContain('box.look: depth: ')
    client.close()
  })

  it('tells the log what it does not tell the caller', async () => {
    const log: LogEntry[] = []
    const { client } = joined({ log: (entry) => log.push(entry) })
    const error = await errorOf(client.call('box.burn', {}))
    expect(error.code).toBe('internal')
    expect(`${error.message} ${JSON.stringify(error.data)}`).not.toContain('match')
    expect(log).toMatchObject([{ event: 'failed', method: 'box.burn', error: { message: 'the match was wet' } }])
    client.close()
  })

  it('bounds what one connection may ask for at once', async () => {
    const { client } = joined({ limits: { concurrentCalls: 0, concurrentStreams: 0 } })
    expect((await errorOf(client.call('box.look', {}))).code).toBe('capacity')
    expect((await errorOf(collect(client.stream('box.watch', {})))).code).toBe('capacity')
    client.close()
  })

  it("knows only what is the contract's own, not what it inherits", async () => {
    const [here, there] = memoryPorts()
    serve(Object.create(contract) as typeof contract, handlers, there)
    const client = connect(contract, here)
    expect((await errorOf(client.call('box.look', {}))).code).toBe('not-found')
    expect((await errorOf(collect(client.stream('box.watch', {})))).code).toBe('not-found')
    client.close()
  })

  it('closes both ends, from either', async () => {
    const first = joined()
    first.client.close()
    await Promise.all([first.client.closed, first.service.closed])
    const second = joined()
    second.service.close()
    await Promise.all([second.client.closed, second.service.closed])
    expect((await errorOf(second.client.call('box.look', {}))).code).toBe('disconnected')
    expect((await errorOf(collect(second.client.stream('box.watch', {})))).code).toBe('disconnected')
  })

  it('is told of a connection that was gone before it was served', async () => {
    const [here, there] = memoryPorts()
    here.writer.end()
    await new Promise((resolve) => setTimeout(resolve, 0))
    const both = [serve(contract, handlers, there).closed, connect(contract, here).closed]
    expect(await Promise.all(both)).toHaveLength(2)
  })
})
