import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import type { Runner } from '../run.ts'
import { killNamespaceProcesses } from './namespace-processes.ts'
import { ipHere, must, removeNamespace } from './network-steps.ts'
import type { BastionRecord } from './record.ts'
import { startResource } from './resource.ts'
import { type BastionPlace, namespacePath } from './topology.ts'

/** The numbers of a bastion's private network in this lab, and of the bastion in that network. */
export type Seat = Pick<BastionRecord, 'network' | 'seat'>

const firstFree = (isTaken: (number: number) => boolean): number => {
  let number = 1
  while (isTaken(number)) number += 1
  return number
}

/**
 * Where a new bastion sits: in the network that its deployment has already, or in a new one. Pure but for `isLeftOver`,
 * which tells a number whose namespace is there although no record names it.
 */
export const chooseSeat = (
  request: Pick<BastionRecord, 'deploymentId' | 'privateCidr'>,
  records: readonly BastionRecord[],
  isLeftOver: (network: number) => boolean,
): Seat => {
  const mates = records.filter(
    ({ deploymentId, privateCidr }) => deploymentId === request.deploymentId && privateCidr === request.privateCidr,
  )
  const isTaken = (network: number): boolean =>
    records.some((record) => record.network === network) || isLeftOver(network)
  return {
    network: mates[0]?.network ?? firstFree(isTaken),
    seat: firstFree((seat) => mates.some((mate) => mate.seat === seat)),
  }
}

/** Whether there is a namespace of this number. */
export const isNetworkThere = (network: number): boolean => existsSync(namespacePath(`private${network}`))

/** Written when a private network is complete; on the world's tmpfs, so it goes with the network. */
const readyFile = ({ privateNamespace }: BastionPlace): string => `/run/lab-${privateNamespace}-ready`

/** Takes a private network away with its resource, as much of it as there is. No bastion may need it any more. */
export const removePrivateNetwork = async (runner: Runner, place: BastionPlace): Promise<void> => {
  await rm(readyFile(place), { force: true })
  await killNamespaceProcesses([namespacePath(place.privateNamespace)])
  await removeNamespace(runner, place.privateNamespace)
}

/** A resource that speaks Multipath TCP takes as many subflows as there are tunnels; kernels without it take none. */
const readyForMultipath = async (runner: Runner, { privateNamespace }: BastionPlace): Promise<void> => {
  const limits = { input: 'mptcp limits set subflow 8 add_addr_accepted 8\n' }
  await runner.run('ip', ['-n', privateNamespace, '-batch', '-'], limits)
}

/** Makes the private network of a bastion, and the resource in it, unless another bastion's launch has. */
export const ensurePrivateNetwork = async (runner: Runner, place: BastionPlace): Promise<void> => {
  if (existsSync(readyFile(place))) return
  await removePrivateNetwork(runner, place)
  await must(runner, ipHere(`netns add ${place.privateNamespace}\n`), 'private network')
  await readyForMultipath(runner, place)
  startResource(runner, place)
  await writeFile(readyFile(place), '')
}
