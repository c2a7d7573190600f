import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract, LabBastion } from '../../contract/helper.ts'
import { allEnded } from '../all-ended.ts'
import type { Runner } from '../run.ts'
import { prepareBastionRoots } from './bastion-root.ts'
import { bootScriptPath, observeBoot, startBoot } from './boot.ts'
import { killNamespaceProcesses } from './namespace-processes.ts'
import { makeNetwork, removeNetwork } from './network.ts'
import { chooseSeat, isNetworkThere, removePrivateNetwork } from './private-network.ts'
import {
  type BastionRecord,
  listRecords,
  makeBastionDirectory,
  readRecord,
  removeBastionDirectory,
  writeRecord,
} from './record.ts'
import { namespacePath, placeOf } from './topology.ts'

export type Lab = { readonly directory: string; readonly runner: Runner }
type LaunchRequest = ParsedInputOf<HelperContract, 'lab.launch'>

const MAX_BASTIONS = 200

/** The answer of the contract for one bastion: what its record and the world say. */
export const describe = async ({ directory }: Lab, record: BastionRecord): Promise<z.infer<typeof LabBastion>> => {
  const { publicAddress, resourceAddress } = placeOf(record)
  const { id, deploymentId, privateCidr, brokenSlots } = record
  const state = await observeBoot(directory, record)
  return { id, deploymentId, publicAddress, privateCidr, resourceAddress, state, brokenSlots }
}

/** @throws MoleError `not-found` */
export const mustFind = async ({ directory }: Lab, id: string): Promise<BastionRecord> => {
  const record = await readRecord(directory, id)
  if (record !== null) return record
  throw new MoleError('not-found', `There is no lab bastion "${id}".`, {
    field: 'id',
    meaning: 'It was terminated, or never launched.',
    nextStep: 'Run "mole status" to see what is deployed.',
  })
}

const isFree = (index: number, records: readonly BastionRecord[]): boolean =>
  records.every((record) => record.index !== index) && !existsSync(namespacePath(`bastion${index}`))

const freeIndex = (records: readonly BastionRecord[]): number => {
  for (let index = 1; index <= MAX_BASTIONS; index += 1) if (isFree(index, records)) return index
  throw new MoleError('capacity', `The lab already holds ${MAX_BASTIONS} bastions.`, {
    field: 'lab',
    nextStep: 'Terminate one, or tear the deployment down.',
  })
}

const newRecord = (request: LaunchRequest, records: readonly BastionRecord[]): BastionRecord => ({
  version: 2,
  index: freeIndex(records),
  ...chooseSeat(request, records, isNetworkThere),
  id: request.id,
  deploymentId: request.deploymentId,
  privateCidr: request.privateCidr,
  firstSlot: request.firstSlot,
  slots: request.slots,
  firstPort: request.firstPort,
  pathRateBitsPerSecond: request.pathRateBitsPerSecond,
  stage: 'making',
  boot: null,
  brokenSlots: [],
  conditions: [],
})

/**
 * Ends a bastion: processes, links, paths, namespace, its private network if no other bastion is in it, files, in this
 * order. Whatever is missing already is fine.
 */
export const dismantle = async ({ directory, runner }: Lab, record: BastionRecord): Promise<void> => {
  const place = placeOf(record)
  await killNamespaceProcesses([namespacePath(place.bastionNamespace)])
  await removeNetwork(runner, record)
  const others = (await listRecords(directory)).filter(({ id }) => id !== record.id)
  if (!others.some(({ network }) => network === record.network)) await removePrivateNetwork(runner, place)
  await removeBastionDirectory(directory, record.id)
}

const make = async (lab: Lab, request: LaunchRequest): Promise<BastionRecord> => {
  const { directory, runner } = lab
  const record = newRecord(request, await listRecords(directory))
  // A network too small for the lab is refused before anything is made.
  placeOf(record)
  await makeBastionDirectory(directory, request.id)
  // The record comes first: whatever is made from here on, a later launch or terminate knows of it.
  await writeRecord(directory, record)
  try {
    await allEnded([
      prepareBastionRoots(),
      writeFile(bootScriptPath(directory, request.id), request.bootScript, { mode: 0o600 }),
    ])
    let boot: BastionRecord['boot'] = null
    await makeNetwork(runner, record, async () => {
      boot = await startBoot(runner, directory, record)
    })
    const made: BastionRecord = { ...record, stage: 'made', boot }
    await writeRecord(directory, made)
    return made
  } catch (error) {
    await dismantle(lab, record)
    throw error
  }
}

/**
 * Launches a bastion, or finds the one that is there under this id. One whose making was cut off by a crash is made
 * again from nothing. Answers while the bastion still boots, as a cloud does.
 * @throws MoleError `bad-input`, `capacity`, `conflict`, `not-available`.
 */
export const launch = async (lab: Lab, request: LaunchRequest): Promise<BastionRecord> => {
  const known = await readRecord(lab.directory, request.id)
  if (known === null) return make(lab, request)
  if (known.deploymentId !== request.deploymentId)
    throw new MoleError('conflict', `The lab bastion "${request.id}" belongs to another deployment.`, {
      field: 'id',
      meaning: 'Nothing was changed.',
      nextStep: 'Tear that deployment down first.',
    })
  if (known.stage === 'made') return known
  await dismantle(lab, known)
  return make(lab, request)
}
