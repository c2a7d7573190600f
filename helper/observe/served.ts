import type { System } from '../system.ts'
import { parseCounters } from './counters.ts'
import type { Flavour, LinkFacts } from './facts.ts'
import { observeWireGuard, type WireGuardReading } from './wireguard.ts'

/** Which of our interfaces are there, and whether anybody serves them. */
export type Served = { readonly links: readonly Pick<LinkFacts, 'name' | 'wireguard'>[] }

type Guess = { readonly name: string; readonly flavour: Flavour }

/** A socket that a killed process left behind makes an interface look like one of user space. */
const guessFlavours = ({ read, isServed }: System): Guess[] =>
  [...parseCounters(read('/proc/net/dev') ?? '').keys()].map((name) => ({
    name,
    flavour: isServed(name) ? 'userspace' : 'kernel',
  }))

/** Reads that, and nothing else: where WireGuard runs in user space without a process of ours. */
export const observeServed = async (system: System): Promise<Served> => {
  const guesses = guessFlavours(system)
  const readings = await observeWireGuard(system, guesses)
  return { links: guesses.map(({ name }) => ({ name, wireguard: readings.get(name)?.settings ?? null })) }
}

/**
 * Begins to read what WireGuard says before it is known who does the encryption; what was guessed wrongly is read once more
 * when that is known.
 */
export const beginWireGuard = (
  system: System,
): ((links: readonly Guess[]) => Promise<ReadonlyMap<string, WireGuardReading>>) => {
  const guesses = guessFlavours(system)
  // What was asked in vain, is asked again of those that turn out to need it.
  const early = observeWireGuard(system, guesses).catch(() => null)
  const isGuessed = (link: Guess): boolean =>
    guesses.some(({ name, flavour }) => name === link.name && flavour === link.flavour)
  return async (links) => {
    const found = await early
    const late = found === null ? links : links.filter((link) => !isGuessed(link))
    const readings = [...(found ?? [])].filter(([name]) => !late.some((link) => link.name === name))
    return new Map([...readings, ...(late.length === 0 ? [] : await observeWireGuard(system, late))])
  }
}
