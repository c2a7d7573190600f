import type { HostState } from '../domain/host-state.ts'
import { interfaceName, slotOfInterface } from '../domain/ours.ts'
import type { MptcpLimits, Stray } from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { endpointId } from './ops/endpoint.ts'

/** Endpoints the kernel keeps at most, and additional subflows of a connection (`MPTCP_PM_ADDR_MAX`, net/mptcp/pm.c). */
export const MOST_ENDPOINTS = 8

export type Endpoint = { readonly number: number; readonly address: string }

/**
 * The Multipath TCP endpoints of `desired` while the tunnels `carrying` (lane numbers) carry: as many as the kernel takes
 * beside the `others` that are not ours. Pure; ascending.
 */
export const wantedEndpoints = ({ mptcp, tunnels }: HostState, carrying: readonly number[], others = 0): Endpoint[] => {
  if (mptcp === null) return []
  const all = tunnels.map(({ name, address }) => ({
    number: slotOfInterface(name) ?? 0,
    address: address.split('/')[0] ?? '',
  }))
  return all
    .filter(({ number }) => carrying.includes(number))
    .toSorted((a, b) => a.number - b.number)
    .slice(0, Math.max(0, MOST_ENDPOINTS - others))
}

/** What leads from the endpoints `was` to `to`. What is new comes first wherever the kernel has room for it. Pure. */
export const changeEndpoints = (was: readonly Endpoint[], to: readonly Endpoint[], others = 0): Operation[] => {
  const addressIn = (list: readonly Endpoint[], number: number): string | null =>
    list.find((endpoint) => endpoint.number === number)?.address ?? null
  const removed = was
    .filter(({ number }) => addressIn(to, number) === null)
    .map(({ number, address }): Operation => ({ kind: 'endpoint', number, to: null, was: address }))
  const added = to
    .filter(({ number, address }) => addressIn(was, number) !== address)
    .map(({ number, address }): Operation => ({ kind: 'endpoint', number, to: address, was: addressIn(was, number) }))
  return was.length + added.length + others > MOST_ENDPOINTS ? [...removed, ...added] : [...added, ...removed]
}

/** How an endpoint is removed whose interface is gone. Pure. */
export const looseEndpoint = (number: number): Stray => ({
  text: `the Multipath TCP endpoint of an interface that is gone (${interfaceName(number)})`,
  ip: `mptcp endpoint delete id ${endpointId(number)}`,
})

/** What more a host with Multipath TCP needs: itself, and the kernel's own path manager (kernel `networking/mptcp-sysctl.rst`). */
export const MPTCP_SYSCTLS: HostState['sysctls'] = [
  { name: 'net.mptcp.enabled', value: 1 },
  { name: 'net.mptcp.pm_type', value: 0 },
]

/** Limits that let a connection have a subflow through each tunnel. */
export const WANTED_LIMITS: MptcpLimits = { subflows: MOST_ENDPOINTS, accepted: MOST_ENDPOINTS }
