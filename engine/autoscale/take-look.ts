import type { TelemetrySample } from '../../contract/app.ts'
import { ceilingOf, floorOf } from '../../domain/autoscale/ceiling.ts'
import type { FlowSeen, Look, TunnelSeen } from '../../domain/autoscale/look.ts'
import { slotOfLane } from '../../domain/ours.ts'
import { bastionCount, slotsOf } from '../../domain/tunnel-plan.ts'
import type { Health, Standing } from '../deployment/view.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'

/** What is up and connected; `null` when nothing is. */
export const connectedRecord = ({ record }: Standing): DeploymentRecord | null =>
  record !== null && record.desired === 'up' && record.connectedAtMs !== null ? record : null

/** Why nothing is changed by itself now; `null` when it may be. Pure. */
const obstacleOf = ({ problem, shortfall, act }: Standing): string | null => {
  if (problem !== null) return `Something is to be put right first: ${problem.message}`
  const [missing] = shortfall.keys()
  if (missing !== undefined) return `Bastion ${missing} is missing, and is to be replaced first.`
  return act?.state === 'running' && act.verb === 'rotate' ? 'Keys of tunnels are being replaced.' : null
}

/** Replacing keys changes no number of tunnels and loses nothing: no cooldown begins anew with it. */
const isChanging = ({ act }: Standing): boolean => act?.state === 'running' && act.verb !== 'rotate'

const healthSeen = (health: Health | undefined): TunnelSeen['health'] =>
  health === 'silent' || health === 'degraded' ? health : 'up'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** A slot whose two lanes both carry, while its keys are replaced, is one tunnel. */
const tunnelSeen = (slot: number, { tunnels }: TelemetrySample, health: Health | undefined): TunnelSeen[] => {
  const lanes = tunnels.filter((tunnel) => slotOfLane(tunnel.slot) === slot)
  const [first] = lanes
  if (first === undefined) return []
  return [
    {
      slot,
      upBitsPerSecond: sum(lanes.map(({ upBitsPerSecond }) => upBitsPerSecond)),
      downBitsPerSecond: sum(lanes.map(({ downBitsPerSecond }) => downBitsPerSecond)),
      rttMs: first.rttMs,
      lossRatio: first.lossRatio,
      health: healthSeen(health),
    },
  ]
}

/** How traffic is carried, as far as it matters to what a tunnel more gives. Pure. */
export const carriageOf = ({ carriage: { spread, mptcp, relay } }: DeploymentRecord['plan']): string =>
  JSON.stringify([spread, mptcp, relay])

/** Why a step up from so many tunnels was not made, or not wholly; `null` when it was. Pure. */
export const whyNotMade = ({ record, problem, shortfall }: Standing, from: number): string | null => {
  if (record === null) return null
  if (problem !== null) return problem.message
  // A bastion there was before, and that is missing now, is no fault of the step.
  const before = bastionCount({ ...record.plan, tunnels: from })
  return [...shortfall].find(([index]) => index > before)?.[1].message ?? null
}

/** Everything a decision rests on, out of what the engine knows. Pure. */
export const takeLook = (
  standing: Standing,
  { plan }: DeploymentRecord,
  sample: TelemetrySample,
  flows: readonly FlowSeen[] | null,
  { atMs, isActing, busyWith }: { readonly atMs: number; readonly isActing: boolean; readonly busyWith: string | null },
): Look => {
  return {
    atMs,
    tunnels: plan.tunnels,
    bastions: bastionCount(plan),
    fewest: floorOf(plan),
    most: ceilingOf(plan, standing.money?.budgetShare ?? null),
    seen: slotsOf(plan).flatMap((slot) => tunnelSeen(slot, sample, standing.health.get(slot))),
    flows,
    carriage: carriageOf(plan),
    isActing: isActing || isChanging(standing),
    obstacle: obstacleOf(standing) ?? busyWith,
  }
}
