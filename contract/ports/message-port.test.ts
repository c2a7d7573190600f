import { EventEmitter } from 'node:events'
import { MessageChannel as NodeMessageChannel, type MessagePort as NodeMessagePort } from 'node:worker_threads'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { connect } from '../connect.ts'
import { call } from '../define.ts'
import { serve } from '../serve.ts'
import { type MainMessagePort, messagePort } from './message-port.ts'

const contract = { echo: call('read', z.strictObject({ n: z.int() }), z.strictObject({ n: z.int() })) } as const
const handlers = { echo: async ({ n }: { n: number }) => ({ n }) }

/** Two joined ports in the manner of Electron's main process, which do not tell when the other closes. */
const silentPair = (): [MainMessagePort, MainMessagePort] => {
  const make = (own: EventEmitter, other: EventEmitter): MainMessagePort => ({
    on: (event: string, listener: (message: { data: unknown }) => void) => own.on(event, listener),
    postMessage: (data) => queueMicrotask(() => other.emit('message', { data })),
    close: () => {},
  })
  const [left, right] = [new EventEmitter(), new EventEmitter()]
  return [make(left, right), make(right, left)]
}

describe('messagePort', () => {
  it('takes the ports of browsers and of Node', () => {
    type Accepted = Parameters<typeof messagePort>[0]
    expectTypeOf<MessagePort>().toExtend<Accepted>()
    expectTypeOf<NodeMessagePort>().toExtend<Accepted>()
  })

  it.each([
    ['browsers', () => new MessageChannel()],
    ['Node', () => new NodeMessageChannel()],
  ])('joins two ends over the channel of %s', async (_, make) => {
    const { port1, port2 } = make()
    const service = serve(contract, handlers, messagePort(port1))
    const client = connect(contract, messagePort(port2))
    expect(await client.call('echo', { n: 7 })).toEqual({ n: 7 })
    client.close()
    await service.closed
  })

  it('says good-bye, where ports do not tell when their peer closes', async () => {
    const [left, right] = silentPair()
    const service = serve(contract, handlers, messagePort(left))
    const client = connect(contract, messagePort(right))
    expect(await client.call('echo', { n: 7 })).toEqual({ n: 7 })
    service.close()
    await client.closed
  })

  it('carries text only: a cloned object ends the connection', async () => {
    const { port1, port2 } = new NodeMessageChannel()
    const service = serve(contract, handlers, messagePort(port1))
    port2.postMessage({ jsonrpc: '2.0', id: 1, method: 'echo', params: new Map([['n', 1]]) })
    await expect(service.closed).resolves.toBeUndefined()
    port2.close()
  })
})
