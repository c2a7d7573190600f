import type { Machine } from '../cloud/provider.ts'
import type { MachineRecord } from '../store/spending-table.ts'

/** `us-west-2` of `us-west-2a`. */
const regionOfZone = (zone: string): string => zone.replace(/[a-z]$/, '')

const withSpotPrice = (
  spotPrices: MachineRecord['spotPrices'],
  usdPerHour: number | null,
  atMs: number,
): MachineRecord['spotPrices'] =>
  usdPerHour === null || usdPerHour === spotPrices.at(-1)?.usdPerHour
    ? spotPrices
    : [...spotPrices, { fromMs: atMs, usdPerHour }]

const seen = (before: MachineRecord | undefined, machine: Machine, atMs: number): MachineRecord => ({
  instanceId: machine.instanceId,
  instanceType: machine.instanceType,
  market: machine.market,
  region: regionOfZone(machine.zone),
  spotPrices: withSpotPrice(before?.spotPrices ?? [], machine.spotUsdPerHour, atMs),
  launchedAtMs: machine.launchedAtMs,
  lastSeenAtMs: atMs,
  endedAtMs: null,
})

/**
 * What is known of a deployment's machines after another look at the cloud. One that is no longer there ended at the
 * latest now, and is paid for until then: also what ended unseen. One that comes back into sight had not ended. Pure.
 */
export const machinesSeen = (
  before: readonly MachineRecord[],
  machines: readonly Machine[],
  atMs: number,
): MachineRecord[] => {
  const known = new Map(before.map((record) => [record.instanceId, record]))
  const there = new Set(machines.map(({ instanceId }) => instanceId))
  const gone = before
    .filter(({ instanceId }) => !there.has(instanceId))
    .map((record) => ({ ...record, endedAtMs: record.endedAtMs ?? atMs }))
  return [...gone, ...machines.map((machine) => seen(known.get(machine.instanceId), machine, atMs))]
}
