import type { Handlers } from '../../../contract/define.ts'
import { MoleError } from '../../../contract/errors.ts'
import type { HelperContract } from '../../../contract/helper.ts'
import { type HostState, NOTHING } from '../../../domain/host-state.ts'

/** The host a fake helper keeps, and a clock that is moved by hand. */
export type FakeHost = {
  state: HostState
  generation: number
  /** What was so before, until somebody confirms; `null` when all is final. */
  pending: { readonly before: HostState; readonly untilSeconds: number; readonly by: symbol } | null
  /** Lets time pass: what nobody confirmed in time is undone. */
  wait(seconds: number): void
}

export const fakeHost = (): FakeHost => {
  let nowSeconds = 0
  const host: FakeHost = {
    state: NOTHING,
    generation: 0,
    pending: null,
    wait: (seconds) => {
      nowSeconds += seconds
      if (host.pending === null || host.pending.untilSeconds > nowSeconds) return
      host.state = host.pending.before
      host.pending = null
      host.generation += 1
    },
  }
  return host
}

const unasked = async (): Promise<never> => {
  throw new Error('not asked in this test')
}

/** What one connection to the fake host's helper may call: as far as `engine/host` asks for anything. */
export const hostHandlers = (host: FakeHost): Handlers<HelperContract> => {
  const caller = Symbol('connection')
  const known: Partial<Handlers<HelperContract>> = {
    hello: async () => ({
      version: '0.0.0',
      pid: 4711,
      facts: { kernel: 'fake', wireguard: 'kernel', isLab: false },
      generation: host.generation,
    }),
    inspect: async () => ({ generation: host.generation, state: host.state, connectedNetworks: [], drift: [] }),
    apply: async ({ generation, state, confirmWithinSeconds }) => {
      if (generation !== host.generation) throw new MoleError('conflict', 'another generation')
      host.pending =
        confirmWithinSeconds === null ? null : { before: host.state, untilSeconds: confirmWithinSeconds, by: caller }
      host.state = state
      host.generation += 1
      return { generation: host.generation, operations: [] }
    },
    confirm: async ({ generation }) => {
      if (generation !== host.generation) throw new MoleError('conflict', 'another generation')
      if (host.pending?.by === caller) throw new MoleError('denied', 'the connection that made it')
      host.pending = null
      return {}
    },
  }
  return new Proxy(known, { get: (all, name) => Reflect.get(all, name) ?? unasked }) as Handlers<HelperContract>
}
