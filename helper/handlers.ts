import type { Handlers } from '../contract/define.ts'
import type { HelperContract, HostLoad } from '../contract/helper.ts'
import { agentHandlers } from './agent/client.ts'
import type { FlowsSeen } from './flows/look.ts'
import type { Caller, Host } from './host.ts'
import type { Keys } from './keys.ts'
import type { Operation } from './operation.ts'
import { textOf } from './ops/table.ts'
import type { Watchers } from './watch/watch.ts'
import type { WireGuardSupport } from './wireguard-support.ts'

type LabVerb = Extract<keyof HelperContract, `lab.${string}`>
export type LabVerbs = Pick<Handlers<HelperContract>, LabVerb>

export type HandlerParts = {
  readonly host: Host
  readonly keys: Keys
  readonly watchers: Watchers
  readonly lab: LabVerbs
  readonly version: string
  readonly kernel: string
  readonly isLab: boolean
  readonly wireguard: () => Promise<WireGuardSupport>
  readonly flows: () => Promise<FlowsSeen>
  readonly hostLoad: () => Promise<HostLoad>
}

const inWords = (operations: readonly Operation[]): { kind: string; text: string }[] =>
  operations.map((operation) => ({ kind: operation.kind, text: textOf(operation) }))

/** What one connection may call. */
export const makeHandlers = (parts: HandlerParts, caller: Caller): Handlers<HelperContract> => {
  const { host, keys, watchers, version, kernel, isLab, wireguard } = parts
  return {
    hello: async () => ({
      version,
      pid: process.pid,
      facts: { kernel, wireguard: await wireguard(), isLab },
      generation: host.generation(),
    }),
    inspect: () => host.inspect(),
    'keys.ensure': async ({ names }) => ({ publicKeys: keys.ensure(names) }),
    'keys.forget': async ({ names }) => {
      keys.forget(names)
      return {}
    },
    'keys.reveal': async ({ names }) => ({ privateKeys: keys.reveal(names) }),
    plan: async ({ state }) => ({ operations: inWords(await host.plan(state)) }),
    apply: async (input) => {
      const operations = inWords(await host.apply(input, caller))
      return { generation: host.generation(), operations }
    },
    confirm: async ({ generation }) => {
      await host.confirm(generation, caller)
      return {}
    },
    revert: async () => {
      const { operations, drift } = await host.revert()
      return { generation: host.generation(), operations: inWords(operations), drift: [...drift] }
    },
    flows: () => parts.flows(),
    'host.load': () => parts.hostLoad(),
    ...agentHandlers(keys),
    watch: (_, { signal }) => watchers.open(signal),
    ...parts.lab,
  }
}
