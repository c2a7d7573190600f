import { z } from 'zod'
import { slotOfInterface } from '../../domain/ours.ts'
import { numberOfEndpoint } from '../ops/endpoint.ts'
import type { MptcpFacts, MptcpLimits } from './facts.ts'

/** What `ip -json mptcp endpoint show` says, as far as it is needed. */
export const EndpointShown = z.object({ address: z.string(), id: z.number(), dev: z.string().optional() })
export type EndpointShown = z.infer<typeof EndpointShown>

/** Reads `ip mptcp limits show`: text where iproute2 is old, JSON where it is new. Pure. @throws Error. */
export const parseLimits = (line: string): MptcpLimits => {
  const number = (name: string): number => {
    const found = new RegExp(`${name}\\D+([0-9]+)`).exec(line)?.[1]
    if (found === undefined) throw new Error(`no ${name} in "${line}"`)
    return Number(found)
  }
  return { subflows: number('subflows?'), accepted: number('add_addr_accepted') }
}

/** An interface that is gone is shown by its index. */
const isGone = (device: string | undefined): boolean => device !== undefined && /^if[0-9]+$/.test(device)

/** Sorts endpoints into ours, by interface and number, and others. Pure. */
export const readMptcp = (shown: readonly EndpointShown[], limits: MptcpLimits): MptcpFacts => {
  const numbered = shown.map((endpoint) => ({ ...endpoint, number: numberOfEndpoint(endpoint.id) }))
  const isOurs = ({ dev, number }: (typeof numbered)[number]): boolean =>
    number !== null && slotOfInterface(dev ?? '') === number
  const ours = numbered.filter(isOurs)
  const loose = numbered.filter(({ dev, number }) => number !== null && isGone(dev))
  return {
    endpoints: ours
      .map(({ number, address }) => ({ number: number ?? 0, address }))
      .toSorted((a, b) => a.number - b.number),
    loose: loose.map(({ number }) => number ?? 0),
    others: shown.length - ours.length - loose.length,
    limits,
  }
}
