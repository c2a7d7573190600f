import { MoleError } from '../../contract/errors.ts'
import { bastionCommonAddress, type Network, parseNetwork } from '../../domain/addressing.ts'
import { interfaceName, laneNumber } from '../../domain/ours.ts'
import { bastionOfSlot, slotsOf } from '../../domain/tunnel-plan.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'
import type { Echoes } from './listen-to-echoes.ts'

/** The way to a bastion's agent: its own address, through one tunnel. */
export type Way = { readonly through: string; readonly bastion: string }

export type Asking = {
  readonly record: DeploymentRecord
  readonly helper: HelperClient
  readonly echoes: Echoes
  readonly signal: AbortSignal
}

/** Tunnels that are tried, one after the other, before the agent is given up. */
const WAYS_TRIED = 3

const unheard = (bastion: number): MoleError =>
  new MoleError('timeout', `Nothing comes back through any tunnel of bastion ${bastion}.`, {
    field: `bastion ${bastion}`,
    meaning: 'Its agent can only be asked through a tunnel. The tunnels keep their keys.',
    nextStep: 'Look at "mole status"; once a tunnel answers, ask again.',
  })

const agentless = (bastion: number, cause: unknown): MoleError =>
  new MoleError(
    'not-available',
    `Bastion ${bastion} has no agent, so its tunnels keep the keys they have.`,
    {
      field: 'agent',
      meaning: 'It was launched by an earlier version, or has no Python. Traffic is carried as before.',
      nextStep: 'A bastion that is launched anew has one: "mole down", then "mole up".',
    },
    { cause },
  )

/** The bastion answers as one that cannot change keys: trying again is of no use. */
export const isAgentless = (error: unknown): boolean =>
  error instanceof MoleError && error.code === 'not-available' && error.data.field === 'agent'

/** Interfaces through which the bastion of `slot` can be reached now, that of the slot itself first. */
const livingWays = (record: DeploymentRecord, slot: number, echoes: Echoes): string[] => {
  const planned = slotsOf(record.plan)
  return endsOf(record)
    .filter((end) => bastionOfSlot(end.slot) === bastionOfSlot(slot) && planned.includes(end.slot))
    .filter(({ role }) => role === 'carrying')
    .toSorted((a, b) => Number(b.slot === slot) - Number(a.slot === slot))
    .map((end) => interfaceName(laneNumber(end.slot, end.lane)))
    .filter(echoes.answers)
}

const isSilence = (error: unknown): boolean => error instanceof MoleError && error.code === 'timeout'

/**
 * The first way by which the agent says hello. Where echoes come back through a tunnel and no hello does, there is none.
 * @throws MoleError `timeout` when no tunnel leads to the bastion; one that `isAgentless`.
 */
const findWay = async (
  helper: HelperClient,
  ways: readonly Way[],
  bastion: number,
  signal: AbortSignal,
): Promise<Way> => {
  let last: unknown = null
  for (const way of ways) {
    try {
      await helper.call('agent.hello', way, { signal })
      return way
    } catch (error) {
      signal.throwIfAborted()
      if (!isSilence(error)) throw error
      last = error
    }
  }
  throw last === null ? unheard(bastion) : agentless(bastion, last)
}

/**
 * Asks the agent of the bastion that `slot` belongs to, by the first tunnel that leads to it.
 * @throws MoleError `timeout` when none does; one that `isAgentless` when there is no agent; else why it refused.
 */
export const askAgent = async <T>(
  { record, helper, echoes, signal }: Asking,
  slot: number,
  ask: (way: Way) => Promise<T>,
): Promise<T> => {
  const index = bastionOfSlot(slot)
  const bastion = bastionCommonAddress(parseNetwork(record.plan.baseCidr) as Network, index)
  const ways = livingWays(record, slot, echoes).slice(0, WAYS_TRIED)
  return ask(
    await findWay(
      helper,
      ways.map((through) => ({ through, bastion })),
      index,
      signal,
    ),
  )
}
