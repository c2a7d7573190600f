import { beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../contract/connect.ts'
import { helperContract } from '../../contract/helper.ts'
import { memoryPorts } from '../../contract/ports/memory.ts'
import { serve } from '../../contract/serve.ts'
import { NOTHING } from '../../domain/host-state.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { applyConfirmed } from './apply-confirmed.ts'
import { type FakeHost, fakeHost, hostHandlers } from './testing/fake-host.ts'

const WANTED = { ...NOTHING, mssClamp: true }

let host: FakeHost
let open: number

beforeEach(() => {
  host = fakeHost()
  open = 0
})

const dial = async (): Promise<HelperClient> => {
  const [near, far] = memoryPorts()
  serve(helperContract, hostHandlers(host), far)
  const client = connect(helperContract, near)
  open += 1
  void client.closed.then(() => {
    open -= 1
  })
  return client
}

const soon = (): AbortSignal => AbortSignal.timeout(10_000)

describe('a change of a real host', () => {
  it('stays when the helper can be reached anew, and that connection is let go', async () => {
    const helper = await dial()
    expect(await applyConfirmed(dial, helper, WANTED, 0, soon())).toMatchObject({ generation: 1 })
    host.wait(60)
    expect(host).toMatchObject({ state: WANTED, generation: 1, pending: null })
    await expect.poll(() => open).toBe(1)
  })

  it.each([
    ['finds nobody', async () => null],
    [
      'fails',
      async () => {
        throw new Error('cut off')
      },
    ],
  ])('is undone when the fresh connection %s', async (_, connectFresh) => {
    const lost = applyConfirmed(connectFresh, await dial(), WANTED, 0, soon())
    await expect(lost).rejects.toMatchObject({ code: 'helper-unreachable' })
    expect(host.state).toEqual(WANTED)
    host.wait(29)
    expect(host.state).toEqual(WANTED)
    host.wait(1)
    expect(host.state).toEqual(NOTHING)
  })

  it('is undone when the engine gives up before it has confirmed', async () => {
    const giveUp = new AbortController()
    const connectFresh = async (): Promise<HelperClient> => {
      giveUp.abort(new Error('interrupted'))
      return dial()
    }
    await expect(applyConfirmed(connectFresh, await dial(), WANTED, 0, giveUp.signal)).rejects.toThrow()
    host.wait(30)
    expect(host.state).toEqual(NOTHING)
    await expect.poll(() => open).toBe(1)
  })

  it('cannot be confirmed over the connection that made it', async () => {
    const helper = await dial()
    await expect(applyConfirmed(async () => helper, helper, WANTED, 0, soon())).rejects.toMatchObject({
      code: 'denied',
    })
    host.wait(30)
    expect(host.state).toEqual(NOTHING)
  })

  it('is refused where somebody else has written in between', async () => {
    await expect(applyConfirmed(dial, await dial(), WANTED, 7, soon())).rejects.toMatchObject({ code: 'conflict' })
    expect(host.state).toEqual(NOTHING)
  })
})
