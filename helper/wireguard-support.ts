import { MoleError } from '../contract/errors.ts'
import type { System } from './system.ts'

export type WireGuardSupport = 'kernel' | 'userspace' | 'missing'

/**
 * Asks the kernel for a WireGuard interface with an impossible number of queues: it looks up the type first, loading its
 * module where it may, and then refuses the number (`rtnl_create_link`, net/core/rtnetlink.c). So nothing is made.
 */
const PROBE = ['link', 'add', 'molewg', 'numtxqueues', '5000', 'type', 'wireguard']

/** Whether the kernel makes WireGuard interfaces; without the right to ask (CAP_NET_ADMIN) it says no. Changes nothing. */
export const hasKernelWireGuard = async ({ runner }: Pick<System, 'runner'>): Promise<boolean> => {
  const { stderr } = await runner.run('ip', PROBE)
  return /number of transmit queues/i.test(stderr)
}

const hasUserspace = ({ runner }: System): boolean => {
  try {
    runner.pathOf('wireguard-go')
    return true
  } catch (error) {
    if (error instanceof MoleError && error.code === 'missing-program') return false
    throw error
  }
}

/** What this machine can make WireGuard interfaces with. Changes nothing. */
export const observeWireGuardSupport = async (system: System): Promise<WireGuardSupport> =>
  (await hasKernelWireGuard(system)) ? 'kernel' : hasUserspace(system) ? 'userspace' : 'missing'
