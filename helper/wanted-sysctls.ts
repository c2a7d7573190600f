import type { HostState } from '../domain/host-state.ts'
import { MPTCP_SYSCTLS } from './mptcp-endpoints.ts'

/** Sysctls that `desired` asks for, by name or because what it asks for needs them. Pure. */
export const wantedSysctls = ({ sysctls, mptcp }: HostState): HostState['sysctls'] => [
  ...sysctls,
  ...(mptcp === null ? [] : MPTCP_SYSCTLS.filter(({ name }) => !sysctls.some((sysctl) => sysctl.name === name))),
]
