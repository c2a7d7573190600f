import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {import('./distribution.mjs').PackageSystem} PackageSystem */

/** Where the privileged helper looks, and nowhere else: a program elsewhere on the PATH does not help the lab. */
const SEARCHED = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** @type {Record<string, Record<PackageSystem, string | null>>} Program → the package that holds it; `null` where there is none. */
const PACKAGES = JSON.parse(readFileSync(new URL('../../resources/programs.json', import.meta.url), 'utf8'))

/** What something is lacking without, and everything else works: installed where nobody has to be asked. */
export const EXTRA_PROGRAMS = ['python3', 'mptcpize', 'ethtool', 'conntrack', 'ping']

/** What the lab cannot do without; `wireguard-go` comes on top where the kernel has no WireGuard. */
export const LAB_PROGRAMS = Object.keys(PACKAGES).filter(
  (name) => name !== 'wireguard-go' && !EXTRA_PROGRAMS.includes(name),
)

/** @param {string} name @param {(path: string) => boolean} [exists] @returns {string | null} */
export const findProgram = (name, exists = existsSync) =>
  SEARCHED.map((directory) => join(directory, name)).find((path) => exists(path)) ?? null

/** @param {readonly string[]} names @param {(path: string) => boolean} [exists] */
export const missingPrograms = (names, exists = existsSync) =>
  names.filter((name) => findProgram(name, exists) === null)

/** @param {readonly string[]} programs @param {PackageSystem} system */
export const packagesOf = (programs, system) => [
  ...new Set(programs.flatMap((program) => PACKAGES[program]?.[system] ?? [])),
]

/** The command a person would type. @param {readonly string[]} packages @param {PackageSystem} system */
const renderInstallCommand = (packages, system) => {
  const commands = {
    apt: 'sudo apt-get install -y --no-install-recommends',
    dnf: 'sudo dnf install -y --setopt=install_weak_deps=False',
    pacman: 'sudo pacman -S --needed',
    zypper: 'sudo zypper install --no-recommends',
  }
  return `${commands[system]} ${packages.join(' ')}`
}

/**
 * The one message about everything the lab lacks, or `null` when it lacks nothing.
 * @param {{ programs: readonly string[], tun: import('./tun.mjs').TunState | 'not-needed', packages: PackageSystem | null, reason: string }} lack
 */
export const renderLack = ({ programs, tun, packages, reason }) => {
  /** @type {string[]} */
  const lines = []
  if (programs.length > 0) {
    lines.push(
      `The local lab needs ${programs.join(', ')}, which ${programs.length === 1 ? 'is' : 'are'} not installed. ${reason}`,
    )
    lines.push(
      packages === null
        ? '  Install them with the package manager of this system (into /usr/bin or /usr/sbin).'
        : `  ${renderInstallCommand(packagesOf(programs, packages), packages)}`,
    )
  }
  if (tun === 'absent' || tun === 'closed') {
    lines.push(
      tun === 'absent'
        ? 'The local lab needs /dev/net/tun, which is not there: this kernel has no WireGuard, so that wireguard-go must make the interfaces.'
        : 'The local lab needs /dev/net/tun, which ordinary users may not open here (systems usually allow it).',
    )
    lines.push(`  ${tun === 'absent' ? 'sudo modprobe tun && ' : ''}sudo chmod 0666 /dev/net/tun`)
  }
  return lines.length === 0 ? null : lines.join('\n')
}
