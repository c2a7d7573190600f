import type { System } from '../system.ts'
import { parseCounters } from './counters.ts'
import type { LinkFacts } from './facts.ts'
import { observeWireGuard } from './wireguard.ts'

/** Which of our interfaces are there, and whether anybody serves them. */
export type Served = { readonly links: readonly Pick<LinkFacts, 'name' | 'wireguard'>[] }

/** Reads that, and nothing else: where WireGuard runs in user space without a process of ours. */
export const observeServed = async (system: System): Promise<Served> => {
  const names = [...parseCounters(system.read('/proc/net/dev') ?? '').keys()]
  const bare = names.map((name) => ({ name, flavour: system.isServed(name) ? 'userspace' : 'kernel' }) as const)
  const readings = await observeWireGuard(system, bare)
  return { links: names.map((name) => ({ name, wireguard: readings.get(name)?.settings ?? null })) }
}
