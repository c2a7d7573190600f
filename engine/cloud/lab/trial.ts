import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { LAB_ENVIRONMENT, mustFindProgram, NEW_NAMESPACES } from './programs.ts'

/** Whether the lab's namespaces can be made here, found out by making some and letting them go again. */
export type Trial =
  | { readonly kind: 'works'; readonly wireguard: 'kernel' | 'userspace' }
  /** `no-tun`: neither kernel WireGuard nor a /dev/net/tun that could be opened. */
  | { readonly kind: 'no-tun' }
  | { readonly kind: 'restricted'; readonly cause: Restriction; readonly detail: string }

/** Who refuses: a limit of zero, a distribution's switch, AppArmor, or something around this container. */
export type Restriction = 'limit' | 'switch' | 'apparmor' | 'container'

const EXIT_USERSPACE = 10
const EXIT_NO_TUN = 11

// Everything the world's first process does that could be refused. Under AppArmor's restriction `unshare` itself succeeds,
// but nothing may be done inside.
const TRIAL = `set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mount -t proc proc /proc
mount -t sysfs sysfs /sys
ip link add moletrial type veth
if ip link add mole0 type wireguard 2>/dev/null; then exit 0; fi
if [ -c /dev/net/tun ] && ( : <>/dev/net/tun ) 2>/dev/null; then exit ${EXIT_USERSPACE}; fi
exit ${EXIT_NO_TUN}
`

const readSetting = async (path: string): Promise<string> =>
  (await readFile(`/proc/sys/${path}`, 'utf8').catch(() => '')).trim()

/** Which setting explains a refusal; the first that does. Pure but for the reading. */
export const restrictionOf = async (read: (path: string) => Promise<string> = readSetting): Promise<Restriction> => {
  if ((await read('user/max_user_namespaces')) === '0') return 'limit'
  if ((await read('kernel/unprivileged_userns_clone')) === '0') return 'switch'
  if ((await read('kernel/apparmor_restrict_unprivileged_userns')) === '1') return 'apparmor'
  return 'container'
}

const runTrial = async (): Promise<{ code: number; stderr: string }> => {
  const [unshare, shell] = await Promise.all([mustFindProgram('unshare'), mustFindProgram('sh')])
  return new Promise((resolve) => {
    const options = { cwd: '/', env: LAB_ENVIRONMENT, timeout: 5000, killSignal: 'SIGKILL' as const }
    execFile(unshare, [...NEW_NAMESPACES, shell, '-c', TRIAL], options, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stderr }),
    )
  })
}

/** Tries it. @throws MoleError `missing-program` when `unshare` or `sh` is not there. */
export const tryNamespaces = async (): Promise<Trial> => {
  const { code, stderr } = await runTrial()
  if (code === 0) return { kind: 'works', wireguard: 'kernel' }
  if (code === EXIT_USERSPACE) return { kind: 'works', wireguard: 'userspace' }
  if (code === EXIT_NO_TUN) return { kind: 'no-tun' }
  return { kind: 'restricted', cause: await restrictionOf(), detail: stderr.trim().split('\n')[0] ?? '' }
}
