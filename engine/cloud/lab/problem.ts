import type { Problem } from '../../../contract/app.ts'
import { observeKernelWireGuard } from '../../doctor/kernel.ts'
import {
  installCommand,
  LAB_PROGRAMS,
  missingPrograms,
  type Program,
  REQUIRED_PROGRAMS,
} from '../../doctor/programs.ts'
import { type Restriction, type Trial, tryNamespaces } from './trial.ts'

/** Needed by the lab's own machinery; part of every Linux, so usually there. */
const BASE_PROGRAMS: readonly Program[] = [
  { name: 'sh', package: 'dash', use: 'runs the bastion’s boot script' },
  { name: 'mount', package: 'mount', use: 'gives the lab file systems of its own' },
  { name: 'setpriv', package: 'util-linux', use: 'ends test traffic with the helper' },
]

const USERSPACE_WIREGUARD: Program = {
  name: 'wireguard-go',
  package: 'wireguard-go',
  use: 'makes WireGuard tunnels, as this kernel has none',
}

const TRIAL_NEEDS = ['unshare', 'ip', 'mount', 'sh']

/**
 * For each cause: what it means, and the one command that lifts it. Each lasts until the next start of the machine at
 * most, changes nothing else, and is undone by the opposite value; a profile for `unshare` would let every program pass
 * for good.
 */
const REMEDIES: Record<Restriction, { readonly meaning: string; readonly nextStep: string }> = {
  limit: {
    meaning: 'This machine allows no user namespaces at all (user.max_user_namespaces is 0), and the lab lives in one.',
    nextStep:
      'Ask an administrator, or run once: sudo sysctl -w user.max_user_namespaces=1000 — it lasts until the next restart.',
  },
  switch: {
    meaning:
      'This system lets only root make user namespaces (kernel.unprivileged_userns_clone is 0), and the lab lives in one.',
    nextStep:
      'Ask an administrator, or run once: sudo sysctl -w kernel.unprivileged_userns_clone=1 — it lasts until the next restart.',
  },
  apparmor: {
    meaning:
      'AppArmor takes all rights away inside user namespaces of programs it does not know (Ubuntu 23.10 and later), and the lab lives in one.',
    nextStep:
      'Ask an administrator, or run once: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 — it lasts until the next restart.',
  },
  container: {
    meaning:
      'Something around this process forbids namespaces: usually the container it runs in (seccomp, or a masked /proc).',
    nextStep:
      'Run it outside the container, or start the container with: --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined --device /dev/net/tun',
  },
}

const missingProblem = (missing: readonly Program[]): Problem => ({
  code: 'missing-program',
  message: `${missing.length === 1 ? 'A program is' : 'Programs are'} missing: ${missing.map(({ name }) => name).join(', ')}.`,
  data: {
    field: missing[0]?.name ?? 'programs',
    meaning: `The lab needs ${missing.map(({ name, use }) => `${name} (${use})`).join(', ')}.`,
    nextStep: `Install ${missing.length === 1 ? 'it' : 'them'}: ${installCommand(missing.map((program) => program.package))}`,
  },
})

const noTunProblem: Problem = {
  code: 'not-available',
  message: 'There is no way to make a WireGuard tunnel here.',
  data: {
    field: '/dev/net/tun',
    meaning: 'The kernel has no WireGuard, and wireguard-go cannot open /dev/net/tun.',
    nextStep:
      'Run once: sudo modprobe wireguard — or, where the kernel has no such module: sudo chmod 0666 /dev/net/tun',
  },
}

const restrictedProblem = (cause: Restriction, detail: string): Problem => ({
  code: 'namespaces-restricted',
  message: `This machine does not let you make the lab's namespaces${detail === '' ? '' : ` (${detail.slice(0, 200)})`}.`,
  data: { field: 'user namespaces', ...REMEDIES[cause] },
})

/** What programs and a trial together say; `null` when the lab can be used. Pure. */
export const judge = (missing: readonly Program[], trial: Trial | null): Problem | null => {
  if (missing.length > 0) return missingProblem(missing)
  if (trial === null || trial.kind === 'works') return null
  return trial.kind === 'no-tun' ? noTunProblem : restrictedProblem(trial.cause, trial.detail)
}

const needsUserspaceWireGuard = async (trial: Trial | null): Promise<boolean> =>
  trial?.kind === 'works' ? trial.wireguard === 'userspace' : !(await observeKernelWireGuard())

/** Why the lab cannot be used here and what to do, all missing programs at once; `null` when it can. */
export const observeLabProblem = async (directories?: readonly string[]): Promise<Problem | null> => {
  const missing = await missingPrograms([...REQUIRED_PROGRAMS, ...LAB_PROGRAMS, ...BASE_PROGRAMS], directories)
  const trial = missing.some(({ name }) => TRIAL_NEEDS.includes(name)) ? null : await tryNamespaces()
  const userspace = (await needsUserspaceWireGuard(trial))
    ? await missingPrograms([USERSPACE_WIREGUARD], directories)
    : []
  return judge([...missing, ...userspace], trial)
}
