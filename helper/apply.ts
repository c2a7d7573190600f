import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../contract/errors.ts'
import type { HostState } from '../domain/host-state.ts'
import { diff, type Known } from './diff.ts'
import type { Executor } from './execute.ts'
import { guard } from './guard.ts'
import type { Journal, Settled } from './journal.ts'
import type { Keys } from './keys.ts'
import type { Facts, Flavour } from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { effectsOf, textOf, undoAll } from './ops/table.ts'
import { limitsOriginAfter, originsAfter } from './sysctl-origins.ts'
import { originsLeft, originsWith } from './tuning/diff.ts'

/** What applying and undoing need. */
export type Workshop = {
  readonly journal: Journal
  readonly keys: Keys
  readonly executor: Executor
  /** `nft`: our table, where it is known already. `asked`: what is about to be asked for, where it is not what the journal holds; what it wants tuned is looked at, too. */
  readonly observe: (asked?: HostState, nft?: Facts['nft']) => Promise<Facts>
  /** Where people are logged in from by SSH. */
  readonly sshClients: () => Promise<readonly string[]>
  /** Why a setting of the tuning did not take a value. */
  readonly refusalOf: Known['tuning']['refusalOf']
  /** Lane numbers of tunnels that were found dead. */
  readonly withdrawn: () => ReadonlySet<number>
  /** How interfaces are made here. */
  readonly flavour: () => Promise<Flavour>
}

const endpointIn = (desired: HostState | null, name: string, publicKey: string): string | null => {
  const peer = desired?.tunnels.find((tunnel) => tunnel.name === name)?.peer
  return peer?.publicKey === publicKey ? `${peer.endpoint.address}:${peer.endpoint.port}` : null
}

/** What `diff` must know beside the facts. Key pairs that are not here have an empty public key. */
export const knownTo = async ({ journal, keys, flavour, withdrawn, refusalOf }: Workshop): Promise<Known> => {
  const { desired, tuningOrigins, ...origins } = journal.settled()
  return {
    publicKeyOf: (name) => keys.publicKeyOf(name) ?? '',
    askedEndpointOf: (name, publicKey) => endpointIn(desired, name, publicKey),
    ...origins,
    withdrawn: withdrawn(),
    tuning: { origins: tuningOrigins, refusalOf },
    flavour: await flavour(),
  }
}

const checkKeys = ({ keys }: Workshop, { tunnels }: HostState): void => {
  tunnels.forEach(({ name, keyName, peer }, at) => {
    const own = keys.publicKeyOf(keyName)
    if (own === null)
      throw new MoleError('bad-input', `There is no key pair named "${keyName}".`, {
        field: `tunnels.${at}.keyName`,
        meaning: 'Nothing was changed.',
        nextStep: 'Have it made with "keys.ensure" first.',
      })
    if (own === peer.publicKey)
      throw new MoleError('bad-input', `The peer of ${name} has the same key as this end.`, {
        field: `tunnels.${at}.peer.publicKey`,
        meaning: 'WireGuard does not talk to itself. Nothing was changed.',
        nextStep: 'Give the public key of the far end.',
      })
  })
}

/** What a state claims of the networks around. */
const claimsOf = ({ routes, sourceAddress, tunnels }: HostState): unknown => [
  routes,
  sourceAddress,
  tunnels.map(({ address }) => address),
]

type Decision = { readonly facts: Facts; readonly operations: Operation[] }

const decide = async (workshop: Workshop, state: HostState): Promise<Decision> => {
  const { journal, observe, sshClients } = workshop
  checkKeys(workshop, state)
  const { desired } = journal.settled()
  const isClaimed = desired !== null && isDeepStrictEqual(claimsOf(desired), claimsOf(state))
  // Who is logged in over the bundle was let in by a state that claimed the same.
  const ssh = isClaimed ? [] : sshClients()
  const [facts, known, clients] = await Promise.all([observe(state), knownTo(workshop), ssh])
  guard(state, facts.surroundings, clients)
  return { facts, operations: diff(facts, state, known) }
}

/** Reads the host, and what would have to be done to make it `state`. @throws MoleError when `state` is refused. */
export const planState = async (workshop: Workshop, state: HostState): Promise<Operation[]> =>
  (await decide(workshop, state)).operations

const inWords = (rest: readonly Operation[]): string =>
  `${rest.slice(0, 3).map(textOf).join('", "')}"${rest.length > 3 ? ` and ${rest.length - 3} more` : ''}`

const notTaken = (rest: readonly Operation[]): MoleError =>
  new MoleError('drift', `The host did not become as asked for: still to do would be "${inWords(rest)}.`, {
    meaning: 'Something else changes the network of this machine at the same time. What was done is undone.',
    nextStep: 'Find out what manages mole interfaces or our routes (NetworkManager, systemd-networkd), and try again.',
  })

type Attempt = { readonly failure: Error | null; readonly loaded: Promise<Error | null> }

const attempt = async ({ executor }: Workshop, operations: readonly Operation[]): Promise<Attempt> => {
  try {
    const { loaded } = await executor.begin(operations.flatMap(effectsOf))
    return { failure: null, loaded }
  } catch (error) {
    return { failure: error as Error, loaded: Promise.resolve(null) }
  }
}

/** An attempt, all of it. */
const attemptWhole = async (workshop: Workshop, operations: readonly Operation[]): Promise<Error | null> => {
  const { failure, loaded } = await attempt(workshop, operations)
  return (await loaded) ?? failure
}

/** Our table after `operations`: nft loads it whole or fails, so that it need not be read back. */
const nftAfter = ({ nft }: Facts, operations: readonly Operation[]): Facts['nft'] => {
  const change = operations.findLast((operation) => operation.kind === 'nft')
  return change === undefined ? nft : (change.to ?? 'absent')
}

const isTuning = ({ kind }: Operation): boolean => kind === 'tune'

/** Tunnels that die while an apply goes on leave the route at once: what it takes to follow that is done, and looked at again. */
const MOST_DEATHS = 5

const followDeaths = async (
  workshop: Workshop,
  before: string,
  remaining: () => Promise<Operation[]>,
): Promise<Operation[]> => {
  let known = before
  let rest = await remaining()
  for (let deaths = 0; rest.length > 0 && deadOf(workshop) !== known && deaths < MOST_DEATHS; deaths += 1) {
    known = deadOf(workshop)
    rest = await remaining()
    workshop.journal.extend(rest)
    await attemptWhole(workshop, rest)
    rest = await remaining()
  }
  return rest
}

const deadOf = ({ withdrawn }: Workshop): string => [...withdrawn()].join()

/**
 * Does the operations and reads the host again. What is still missing then is done once more, once: the host may have
 * moved on between look and act (a dying process takes its interface along), and what was just made can only now be
 * tuned. Returns all that was done.
 */
const performAndVerify = async (
  workshop: Workshop,
  { facts, operations }: Decision,
  state: HostState,
): Promise<readonly Operation[]> => {
  const { journal, observe } = workshop
  const remaining = async (nft?: Facts['nft']): Promise<Operation[]> =>
    diff(await observe(state, nft), state, await knownTo(workshop))
  const dead = deadOf(workshop)
  const attempted = await attempt(workshop, operations)
  const early = await remaining(attempted.failure === null ? nftAfter(facts, operations) : undefined)
  const unloaded = await attempted.loaded
  const failure = unloaded ?? attempted.failure
  const more = unloaded === null ? early : await remaining()
  if (more.length === 0) return operations
  journal.extend(more)
  const again = await attemptWhole(workshop, more)
  if (again !== null) throw failure ?? again
  const rest = await followDeaths(workshop, dead, remaining)
  if (!rest.every(isTuning)) throw notTaken(rest.filter((operation) => !isTuning(operation)))
  if (rest.length === 0) return [...operations, ...more]
  journal.extend(rest)
  await attemptWhole(workshop, rest)
  return [...operations, ...more, ...rest]
}

/** Undoes what the journal holds as not final, last change first. Returns what could not be undone, in words. */
export const rollBack = async ({ journal, executor, observe }: Workshop): Promise<string[]> => {
  const operations = journal.pending()?.operations ?? []
  const failures = await executor.executeTolerantly(undoAll(operations).flatMap(effectsOf))
  journal.undone()
  // Whoever follows what is on the host learns of it; the outcome stands all the same.
  await observe().catch(() => undefined)
  return failures
}

/** What is remembered once `operations` have led from `before` to `state`. Pure. */
const rememberedAfter = (before: Settled, operations: readonly Operation[], state: HostState): Settled => ({
  desired: state,
  sysctlOrigins: originsAfter(before.sysctlOrigins, operations, state),
  limitsOrigin: limitsOriginAfter(before.limitsOrigin, operations, state),
  tuningOrigins: originsWith(before.tuningOrigins, operations),
})

/** Tuning is refused here and there: what came of it is seen by looking. */
const lookedAt = async ({ observe }: Workshop, before: Settled, after: Settled, state: HostState): Promise<Settled> => {
  if (after.tuningOrigins.length === 0) return after
  const facts = await observe(state).catch(() => null)
  if (facts === null) return after
  const tuningOrigins = originsLeft(after.tuningOrigins, before.tuningOrigins, facts.tuning, state)
  return { ...after, tuningOrigins }
}

/**
 * Makes the host `state`. Prior values are on disk before the first change; a failure undoes what was done since the
 * last final state. `deadlineMs` (on the clock of `process.hrtime`) leaves the change waiting for its confirmation.
 * Returns what was done; `[]` when the host was so already.
 */
export const applyState = async (
  workshop: Workshop,
  state: HostState,
  deadlineMs: number | null,
): Promise<readonly Operation[]> => {
  const { journal } = workshop
  const before = journal.settled()
  const decision = await decide(workshop, state)
  const { operations } = decision
  let done: readonly Operation[] = []
  if (operations.length > 0) {
    journal.begin('applying', operations, rememberedAfter(before, operations, state))
    try {
      done = await performAndVerify(workshop, decision, state)
    } catch (error) {
      await rollBack(workshop)
      throw error
    }
  }
  const after = await lookedAt(workshop, before, rememberedAfter(before, done, state), state)
  if (deadlineMs !== null && journal.pending() !== null) journal.await(deadlineMs, after)
  else journal.settle(after)
  return done
}
