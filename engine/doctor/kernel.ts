import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { release } from 'node:os'

const readable = async (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

const exists = (path: string, mode: number = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )

/** Whether the kernel has WireGuard: loaded, built in, or as a module that loads by itself. */
export const observeKernelWireGuard = async (version: string = release()): Promise<boolean> => {
  if (await exists('/sys/module/wireguard')) return true
  const lists = await Promise.all(
    ['modules.builtin', 'modules.dep'].map((name) => readable(`/lib/modules/${version}/${name}`)),
  )
  return lists.some((text) => /\/wireguard\.ko/.test(text))
}

/** wireguard-go needs it (tun(4)). */
export const observeTun = async (): Promise<'usable' | 'closed' | 'absent'> => {
  if (!(await exists('/dev/net/tun'))) return 'absent'
  return (await exists('/dev/net/tun', constants.R_OK | constants.W_OK)) ? 'usable' : 'closed'
}

/** `net.mptcp.enabled` of this network namespace; `null` where the kernel has no MPTCP. */
export const observeMptcp = async (): Promise<boolean | null> => {
  const text = (await readable('/proc/sys/net/mptcp/enabled')).trim()
  return text === '' ? null : text === '1'
}
