import type { Instance } from '@aws-sdk/client-ec2'
import { readRecord } from '../../../../helper/lab/record.ts'
import { type BastionPlace, placeOf } from '../../../../helper/lab/topology.ts'
import { finishOf, spawnInside } from './inside.ts'

/** A running instance, and where its bastion is in the lab. */
export type LabMachine = { readonly instance: Instance; readonly place: BastionPlace }

/** `null` when the lab has no such bastion. */
export const placeIn = async (labDirectory: string, instanceId: string): Promise<BastionPlace | null> => {
  const record = await readRecord(labDirectory, instanceId)
  return record === null ? null : placeOf(record)
}

/** Runs a program in one of the lab's namespaces. @throws Error with its words when it fails. */
export const runInNamespace = async (
  pid: number,
  namespace: string,
  argv: readonly string[],
  input = '',
): Promise<string> => {
  const all = ['nsenter', `--net=/run/netns/${namespace}`, '--', ...argv]
  const child = await spawnInside(pid, all, {}, ['pipe', 'pipe', 'pipe'])
  child.stdin?.on('error', () => undefined).end(input)
  const { code, stdout, stderr } = await finishOf(child)
  if (code !== 0) throw new Error(`${argv.join(' ')} in ${namespace}: ${stderr}`)
  return stdout
}
