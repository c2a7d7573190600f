import { slotsOf } from '../../domain/tunnel-plan.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'
import { unsettledSlots } from './lanes.ts'

/**
 * Slots of the tunnels whose keys are as old as the plan has them become. Keys of which it is not known how old they are
 * are as old as the deployment. Pure.
 */
export const dueSlots = (record: DeploymentRecord, nowMs: number): number[] => {
  const { rotationSeconds } = record.plan.carriage
  if (rotationSeconds === 0) return []
  const planned = slotsOf(record.plan)
  return endsOf(record)
    .filter(({ slot, role }) => role === 'carrying' && planned.includes(slot))
    .filter(({ sinceMs }) => nowMs - (sinceMs ?? record.createdAtMs) >= rotationSeconds * 1000)
    .map(({ slot }) => slot)
}

/** Whether a rotation was begun and not brought to its end. Pure. */
export const isUnsettled = ({ bastions }: Pick<DeploymentRecord, 'bastions'>): boolean =>
  bastions.some((bastion) => unsettledSlots(bastion).length > 0)
