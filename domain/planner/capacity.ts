import type { Conditions } from './conditions.ts'
import { payloadShare } from './overhead.ts'
import type { InstanceType, NetworkRules } from './price-table.ts'

/** So many bastions of one type, with the same number of tunnels each. */
export type Shape = {
  readonly type: InstanceType
  readonly instances: number
  readonly tunnelsPerInstance: number
}

export type LimitName = 'instance' | 'gateway' | 'flow' | 'tunnels' | 'vcpus' | 'streams' | 'path'

/** Payload bits per second that something lets through. */
export type Limit = { readonly name: LimitName; readonly bitsPerSecond: number }

/** Payload bits per second in one direction, and what binds. */
export type Rate = { readonly bitsPerSecond: number; readonly binds: LimitName; readonly limits: readonly Limit[] }

export type Capacity = {
  /** For as long as one likes. */
  readonly steady: Rate
  /** While the network credits last; `null` where they change nothing. */
  readonly burst: Rate | null
}

/** On the wire, of one instance through an internet gateway, of the rate it has. */
export const gatewayBitsPerSecond = (type: InstanceType, rules: NetworkRules, bitsPerSecond: number): number =>
  type.vcpus < rules.gatewayVcpus
    ? rules.gatewayBitsPerSecond
    : Math.max(rules.gatewayBitsPerSecond, bitsPerSecond * rules.gatewayShare)

/** What `tunnels` together reach, in tunnels: 1 of one, 8 × `eightTunnelsShare` of eight, and that share beyond. */
export const effectiveTunnels = (tunnels: number, eightTunnelsShare: number): number => {
  const lost = (1 - eightTunnelsShare) * Math.min(1, (tunnels - 1) / 7)
  return tunnels * (1 - lost)
}

/** Of equal ones the first binds: nothing behind it can be felt. */
const narrowest = (limits: readonly Limit[]): Rate => {
  const least = limits.reduce((lowest, limit) => (limit.bitsPerSecond < lowest.bitsPerSecond ? limit : lowest))
  return { bitsPerSecond: least.bitsPerSecond, binds: least.name, limits }
}

const rateOf = (shape: Shape, rules: NetworkRules, conditions: Conditions, instanceRate: number): Rate => {
  const { type, instances, tunnelsPerInstance } = shape
  const { tunnelBitsPerSecond, vcpuBitsPerSecond, eightTunnelsShare, pathBitsPerSecond, streams } = conditions
  const payload = payloadShare(conditions.mtuBytes)
  const tunnels = instances * tunnelsPerInstance
  const gateway = gatewayBitsPerSecond(type, rules, instanceRate)
  const processor = type.vcpus * vcpuBitsPerSecond.value
  const carried = (count: number): number =>
    effectiveTunnels(count, eightTunnelsShare.value) * tunnelBitsPerSecond.value
  const flows = (count: number): number => count * rules.flowBitsPerSecond * payload
  // A stream rides one tunnel of one instance: with few of them the others stand idle.
  const busy = (count: number): number =>
    count < instances
      ? count * Math.min(gateway * payload, instanceRate * payload, processor)
      : Number.POSITIVE_INFINITY
  const streaming: Limit[] =
    streams === null || streams > tunnels
      ? []
      : [{ name: 'streams', bitsPerSecond: Math.min(carried(streams), flows(streams), busy(streams)) }]
  const limits: Limit[] = [
    ...streaming,
    { name: 'gateway', bitsPerSecond: instances * gateway * payload },
    { name: 'instance', bitsPerSecond: instances * instanceRate * payload },
    { name: 'tunnels', bitsPerSecond: carried(tunnels) },
    { name: 'vcpus', bitsPerSecond: instances * processor },
    { name: 'flow', bitsPerSecond: flows(tunnels) },
  ]
  if (pathBitsPerSecond !== null) limits.push({ name: 'path', bitsPerSecond: pathBitsPerSecond.value * payload })
  return narrowest(limits)
}

/** What a shape carries through an internet gateway. Never more than the gateway lets through. */
export const capacityOf = (shape: Shape, rules: NetworkRules, conditions: Conditions): Capacity => {
  const steady = rateOf(shape, rules, conditions, shape.type.baselineBitsPerSecond)
  const burst = rateOf(shape, rules, conditions, shape.type.burstBitsPerSecond)
  return { steady, burst: burst.bitsPerSecond > steady.bitsPerSecond ? burst : null }
}
