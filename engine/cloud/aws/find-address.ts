import { MoleError } from '../../../contract/errors.ts'
import { FORBIDDEN_NETWORKS, overlaps, parseNetwork } from '../../../domain/addressing.ts'
import type { Clock } from '../../clock.ts'

/** Finds this host's public IPv4 address. */
export type FindAddress = (signal: AbortSignal) => Promise<string>

const ASKED = 'https://checkip.amazonaws.com'
const LIMIT_MS = 5000
/** An address and a line end. */
const LONGEST_ANSWER = 64

const unknown = (asked: string, why: string): MoleError =>
  new MoleError('not-available', 'The public address of this host could not be found.', {
    field: 'aws.source_cidr',
    meaning: `${asked}: ${why}. The security group must know whom to let in; nothing was made.`,
    nextStep: 'Give the address yourself, as in aws.source_cidr: 198.51.100.7/32.',
  })

const isUsable = (address: string): boolean => {
  const network = parseNetwork(`${address}/32`)
  return network !== null && !FORBIDDEN_NETWORKS.some((reserved) => overlaps(reserved, network))
}

/**
 * As AWS sees it: what comes from here carries this source address.
 * @throws MoleError `not-available` within 5 s.
 */
export const addressFinder =
  (asked: string = ASKED): FindAddress =>
  async (signal) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])
    const response = await fetch(asked, { signal: limited, redirect: 'error' }).catch((error: unknown) => {
      throw unknown(
        asked,
        limited.aborted ? 'no answer within 5 s' : error instanceof Error ? error.message : String(error),
      )
    })
    const address = (await response.text()).slice(0, LONGEST_ANSWER).trim()
    if (response.ok && isUsable(address)) return address
    throw unknown(asked, `it answered with status ${response.status} and no public IPv4 address`)
  }

/**
 * Asks no more than once in so long; what it does not find it asks for again.
 * @param forMs how long an answer is taken as true
 */
export const rememberAddress = (find: FindAddress, clock: Pick<Clock, 'monotonicMs'>, forMs: number): FindAddress => {
  let last: { readonly address: string; readonly atMs: number } | null = null
  return async (signal) => {
    if (last !== null && clock.monotonicMs() - last.atMs < forMs) return last.address
    const address = await find(signal)
    last = { address, atMs: clock.monotonicMs() }
    return address
  }
}
