import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabBastion, PathCondition } from '../../contract/helper.ts'

/**
 * What the helper knows of one lab bastion, kept as `DIR/bastions/<id>/bastion.json`, so that a helper that was
 * restarted into the same world knows it too.
 */
export const BastionRecord = z.strictObject({
  version: z.literal(2),
  /** Number of the bastion in this lab; names and addresses follow from it. */
  index: z.int().min(1).max(200),
  id: LabBastion.shape.id,
  deploymentId: LabBastion.shape.deploymentId,
  privateCidr: LabBastion.shape.privateCidr,
  /** Number of its private network in this lab; bastions that share the network share the number. */
  network: z.int().min(1).max(200),
  /** Number of the bastion in its private network; its address there follows from it. */
  seat: z.int().min(1).max(200),
  firstSlot: z.int().min(1).max(64),
  slots: z.int().min(1).max(64),
  firstPort: z.int().min(1024).max(65_000),
  pathRateBitsPerSecond: z.int().min(1).max(10_000_000_000),
  /** `making`: the network is not complete; launching again starts from nothing. */
  stage: z.enum(['making', 'made']),
  /** The process of the boot script; start time in clock ticks since the machine booted (`proc_pid_stat(5)`). */
  boot: z.strictObject({ pid: z.int().min(1), startTime: z.int().min(0) }).nullable(),
  brokenSlots: LabBastion.shape.brokenSlots,
  /** Slots whose path loses or delays packets. */
  conditions: z.array(z.strictObject({ slot: z.int().min(1).max(64), ...PathCondition.shape })).default([]),
})
export type BastionRecord = z.infer<typeof BastionRecord>

const bastionsIn = (directory: string): string => join(directory, 'bastions')

/** Directory of one bastion's files. `id` has passed the contract: no slash, no dot. */
export const bastionDirectory = (directory: string, id: string): string => join(bastionsIn(directory), id)

/** Reads a record; `null` when it is not there or not one of ours. */
export const parseRecord = (text: string): BastionRecord | null => {
  try {
    return BastionRecord.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export const readRecord = async (directory: string, id: string): Promise<BastionRecord | null> => {
  const text = await readFile(join(bastionDirectory(directory, id), 'bastion.json'), 'utf8').catch(() => '')
  return parseRecord(text)
}

/** Replaces the record whole and durably: a reader sees the old one or the new one. */
export const writeRecord = async (directory: string, record: BastionRecord): Promise<void> => {
  const path = join(bastionDirectory(directory, record.id), 'bastion.json')
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

export const makeBastionDirectory = async (directory: string, id: string): Promise<void> => {
  await mkdir(bastionDirectory(directory, id), { recursive: true, mode: 0o700 })
}

export const removeBastionDirectory = async (directory: string, id: string): Promise<void> => {
  await rm(bastionDirectory(directory, id), { recursive: true, force: true })
}

export const listRecords = async (directory: string): Promise<BastionRecord[]> => {
  const names = await readdir(bastionsIn(directory)).catch(() => [])
  const records = await Promise.all(names.map((name) => readRecord(directory, name)))
  return records.filter((record) => record !== null).sort((a, b) => a.index - b.index)
}
