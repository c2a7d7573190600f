import { interfaceName } from '../../domain/ours.ts'
import type { Effect, OperationOf, OperationRules } from '../operation.ts'

/** Numbers of endpoints are handed out from 1 by the kernel: ours lie above what others get (`ip-mptcp(8)`: 1–255). */
const ENDPOINT_BASE = 90

/** Number of the Multipath TCP endpoint of a tunnel (lane number up to 164). */
export const endpointId = (number: number): number => ENDPOINT_BASE + number

/** Lane number of the tunnel whose endpoint has this number; `null` when it is none of ours. */
export const numberOfEndpoint = (id: number): number | null => (id > ENDPOINT_BASE ? id - ENDPOINT_BASE : null)

/** A Multipath TCP endpoint on a tunnel: each connection has a subflow from its address (RFC 8684). */
export const endpointRules: OperationRules<OperationOf<'endpoint'>> = {
  text: ({ number, to }) =>
    to === null
      ? `remove the Multipath TCP endpoint of ${interfaceName(number)}`
      : `have Multipath TCP use ${interfaceName(number)} from ${to}`,
  effects: ({ number, to, was }) => {
    const line = (text: string): Effect[] => [{ by: 'ip', line: `mptcp endpoint ${text}` }]
    return [
      ...(was === null ? [] : line(`delete id ${endpointId(number)}`)),
      ...(to === null ? [] : line(`add ${to} dev ${interfaceName(number)} id ${endpointId(number)} subflow fullmesh`)),
    ]
  },
  undo: ({ number, to, was }) => [{ kind: 'endpoint', number, to: was, was: to }],
}
