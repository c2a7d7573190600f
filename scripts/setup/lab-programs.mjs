import { hasApt, installFromBackports, installPackages } from './apt.mjs'
import { observeDistribution } from './distribution.mjs'
import { kernelHasWireGuard } from './kernel-wireguard.mjs'
import { havePrivilege, obtainPrivilege } from './privilege.mjs'
import { EXTRA_PROGRAMS, LAB_PROGRAMS, missingPrograms, packagesOf, renderLack } from './programs.mjs'
import { say } from './say.mjs'
import { observeTun, openTun } from './tun.mjs'

/** @typedef {{ programs: string[], tun: import('./tun.mjs').TunState | 'not-needed' }} Lack */

/** Everything the lab lacks on this machine. @returns {Promise<Lack>} */
const observeLack = async () => {
  const programs = missingPrograms(LAB_PROGRAMS)
  if (await kernelHasWireGuard()) return { programs, tun: 'not-needed' }
  return { programs: [...programs, ...missingPrograms(['wireguard-go'])], tun: observeTun() }
}

/** @param {Lack} lack */
const isComplete = ({ programs, tun }) => programs.length === 0 && (tun === 'open' || tun === 'not-needed')

/**
 * wireguard-go of Debian 12 itself (2022) carries a fifth of what its backport does.
 * @param {readonly string[]} privilege @param {import('./distribution.mjs').Distribution} distribution
 */
const installWireGuardGo = async (privilege, { id, codename }) => {
  const wantsBackport = id === 'debian' && codename === 'bookworm'
  if (wantsBackport && (await installFromBackports(privilege, 'wireguard-go', `${codename}-backports`))) return null
  if (wantsBackport) say('The backports could not be reached: taking the wireguard-go of Debian 12, which is slower.')
  return installPackages(privilege, ['wireguard-go'])
}

/**
 * @param {readonly string[]} privilege @param {import('./distribution.mjs').Distribution} distribution
 * @returns {Promise<string | null>} why it failed
 */
const installMissing = async (privilege, distribution) => {
  const base = missingPrograms(LAB_PROGRAMS)
  const failure = base.length === 0 ? null : await installPackages(privilege, packagesOf(base, 'apt'))
  // Asked again: without `ip` and `unshare` it could not be tried before.
  if (missingPrograms(['wireguard-go']).length === 0 || (await kernelHasWireGuard())) return failure
  return (await installWireGuardGo(privilege, distribution)) ?? failure
}

/** @param {Lack} lack */
const whyPrivilege = ({ programs }) =>
  programs.length > 0
    ? `The local lab needs ${programs.join(', ')}, to be installed.`
    : 'The local lab needs /dev/net/tun to be open to ordinary users, as on most systems.'

/** @returns {Promise<string | null>} */
const ensureNeeded = async () => {
  let lack = await observeLack()
  if (isComplete(lack)) return null
  const distribution = observeDistribution()
  const canInstall = lack.programs.length === 0 || (distribution.packages === 'apt' && hasApt())
  const privilege = await obtainPrivilege(whyPrivilege(lack))
  let reason = privilege === null ? 'This user may not install them here. As administrator:' : 'Please install them:'
  if (privilege !== null) {
    const failure = canInstall && lack.programs.length > 0 ? await installMissing(privilege, distribution) : null
    if (failure !== null) reason = `apt could not install them:\n${failure}\n`
    lack = await observeLack()
    if (lack.tun === 'absent' || lack.tun === 'closed') await openTun(privilege)
    lack = await observeLack()
  }
  return renderLack({ ...lack, packages: distribution.packages, reason })
}

/** What is good to have; nobody is asked for it, and what fails is left to `mole doctor`, which says what each is for. */
const installExtras = async () => {
  const missing = missingPrograms(EXTRA_PROGRAMS)
  if (missing.length === 0 || observeDistribution().packages !== 'apt' || !hasApt()) return
  const privilege = await havePrivilege()
  if (privilege !== null) await installPackages(privilege, packagesOf(missing, 'apt'))
}

/**
 * Gets what the local lab needs, where that is allowed without asking or somebody at the terminal agrees.
 * @returns {Promise<string | null>} `null`, or the one message about what is still lacking and how to get it
 */
export const ensureLabPrograms = async () => {
  if (process.platform !== 'linux') return 'The local lab needs Linux; everything else works here.'
  const lack = await ensureNeeded()
  await installExtras()
  return lack
}
