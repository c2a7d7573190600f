import { MoleError } from '../../contract/errors.ts'
import type { PathCondition } from '../../contract/helper.ts'
import { setDelays } from './delay-relay.ts'
import type { Lab } from './launch.ts'
import { nftInRouter } from './network-steps.ts'
import { renderConditions, renderPathState } from './paths.ts'
import { type BastionRecord, writeRecord } from './record.ts'
import { placeOf } from './topology.ts'

const mustHaveSlot = ({ id, firstSlot, slots }: BastionRecord, slot: number): void => {
  const lastSlot = firstSlot + slots - 1
  if (slot >= firstSlot && slot <= lastSlot) return
  throw new MoleError(
    'bad-input',
    `The bastion "${id}" has no path ${slot}: it has those from ${firstSlot} to ${lastSlot}.`,
    { field: 'slot', nextStep: `Name a tunnel from ${firstSlot} to ${lastSlot}.` },
  )
}

const changeRouter = async ({ runner }: Lab, text: string): Promise<void> => {
  const step = nftInRouter(runner, text)
  const { code, stderr } = await runner.run(step.program, step.argv, { input: step.input })
  if (code !== 0)
    throw new MoleError('drift', `The path could not be changed: ${stderr.trim().split('\n')[0] ?? ''}`, {
      field: 'slot',
    })
}

const keep = async ({ directory }: Lab, record: BastionRecord): Promise<BastionRecord> => {
  await writeRecord(directory, record)
  return record
}

/** Breaks or heals one path. @throws MoleError `bad-input` when the bastion has no such slot, `drift`. */
export const setPath = async (
  lab: Lab,
  record: BastionRecord,
  slot: number,
  state: 'broken' | 'healthy',
): Promise<BastionRecord> => {
  mustHaveSlot(record, slot)
  await changeRouter(lab, renderPathState(record, placeOf(record), slot, state))
  const others = record.brokenSlots.filter((broken) => broken !== slot)
  return keep(lab, {
    ...record,
    brokenSlots: state === 'broken' ? [...others, slot].sort((a, b) => a - b) : others,
  })
}

/**
 * What one path does to packets from now on.
 * @throws MoleError `bad-input` when the bastion has no such slot, `missing-program` or `not-available` when nothing here
 * can delay, `drift`.
 */
export const setCondition = async (
  lab: Lab,
  record: BastionRecord,
  slot: number,
  condition: PathCondition,
): Promise<BastionRecord> => {
  mustHaveSlot(record, slot)
  const others = record.conditions.filter((each) => each.slot !== slot)
  const isOrdinary = condition.lossRatio === 0 && condition.delayMs === 0
  const changed = { ...record, conditions: isOrdinary ? others : [...others, { slot, ...condition }] }
  await setDelays(lab.runner, changed)
  await changeRouter(lab, renderConditions(record, placeOf(record), changed.conditions))
  return keep(lab, changed)
}
