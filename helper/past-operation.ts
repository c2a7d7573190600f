import type { Operation } from './operation.ts'

type Past = Omit<Operation, 'to' | 'was'> & { readonly to?: unknown; readonly was?: unknown }

/** Until routes named a congestion control, a tunnel's route was there or not. */
const tunnelRoute = (value: unknown): unknown => {
  if (typeof value !== 'boolean') return value
  return value ? { congestion: null } : null
}

const route = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? { congestion: null, ...value } : value

/** An operation as a journal holds it, maybe one of an earlier version, in today's terms. Pure. */
export const operationOf = (past: Past): Operation => {
  const read = past.kind === 'tunnel-route' ? tunnelRoute : past.kind === 'route' ? route : null
  return (read === null ? past : { ...past, to: read(past.to), was: read(past.was) }) as Operation
}
