import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Where system programs are looked for; the helper looks nowhere else either. */
export const PROGRAM_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const

/** A system program and the Debian/Ubuntu package it comes in. */
export type Program = { readonly name: string; readonly package: string; readonly use: string }

/** Without these nothing can be deployed. */
export const REQUIRED_PROGRAMS: readonly Program[] = [
  { name: 'ip', package: 'iproute2', use: 'makes interfaces and routes' },
  { name: 'wg', package: 'wireguard-tools', use: 'configures WireGuard' },
  { name: 'nft', package: 'nftables', use: 'clamps segment sizes, marks and counts packets' },
]

/** The lab needs these besides. */
export const LAB_PROGRAMS: readonly Program[] = [
  { name: 'unshare', package: 'util-linux', use: 'makes the lab’s namespaces' },
  { name: 'nsenter', package: 'util-linux', use: 'enters the lab’s namespaces' },
  { name: 'flock', package: 'util-linux', use: 'keeps a second lab from starting' },
  { name: 'xargs', package: 'findutils', use: 'starts the tunnels of user space side by side' },
  { name: 'tc', package: 'iproute2', use: 'shapes the lab’s internet paths' },
  { name: 'iperf3', package: 'iperf3', use: 'makes and measures traffic' },
]

/** Without one of these, what it is for is lacking, and everything else works. */
export const EXTRA_PROGRAMS: readonly Program[] = [
  { name: 'python3', package: 'python3', use: 'runs the agent and the relay of the lab’s bastions' },
  { name: 'mptcpize', package: 'mptcpize', use: 'starts programs with Multipath TCP (mole run)' },
  { name: 'ethtool', package: 'ethtool', use: 'tunes network cards' },
  { name: 'conntrack', package: 'conntrack', use: 'tells how much each connection carried' },
  { name: 'ping', package: 'iputils-ping', use: 'probes a path whose far end answers nothing but ICMP' },
]

/** The full path of a program, or `null` when none of the directories holds it. */
export const findProgram = async (
  name: string,
  directories: readonly string[] = PROGRAM_DIRECTORIES,
): Promise<string | null> => {
  for (const directory of directories) {
    const path = join(directory, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return null
}

/** Those of `programs` that are not installed. */
export const missingPrograms = async (
  programs: readonly Program[],
  directories?: readonly string[],
): Promise<Program[]> => {
  const found = await Promise.all(programs.map(({ name }) => findProgram(name, directories)))
  return programs.filter((_, index) => found[index] === null)
}

/** One command that installs the packages, for Debian and Ubuntu. */
export const installCommand = (packages: readonly string[]): string =>
  `sudo apt-get install --no-install-recommends ${[...new Set(packages)].sort().join(' ')}`
