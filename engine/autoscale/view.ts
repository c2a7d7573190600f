import type { AutoscaleView } from '../../contract/app.ts'
import { capacityOf } from '../../domain/autoscale/capacity.ts'
import type { Load } from '../../domain/autoscale/load.ts'
import type { AutoscaleState } from '../../domain/autoscale/state.ts'
import { Autoscale } from '../../domain/autoscale.ts'
import type { Decisions } from './decisions.ts'

/** What is known of one deployment. */
export type Known = {
  readonly deploymentId: string
  readonly settings: Autoscale
  readonly state: AutoscaleState
  readonly decisions: Decisions
  /** As of the last look. */
  readonly load: Load | null
}

const originOf = ({ memory }: AutoscaleState): string => {
  if (memory.full === null)
    return memory.most === null ? 'not measured yet: nothing was carried' : 'not measured yet: no tunnel was ever full'
  const day = new Date(memory.full.atMs).toISOString()
  return `measured: the most one tunnel carried while it was full, last at ${day.slice(0, 16).replace('T', ' ')} UTC`
}

/** What there is to see while nothing is up. */
export const NOTHING_KNOWN: AutoscaleView = {
  settings: Autoscale.parse({}),
  goodputBitsPerSecond: null,
  capacityPerTunnelBitsPerSecond: null,
  capacityOrigin: 'nothing is up',
  utilisation: null,
  decisions: [],
  nextLookAtMs: null,
  upAllowedAtMs: null,
  downAllowedAtMs: null,
}

/** What a person is shown. Pure. */
export const renderAutoscale = ({ settings, state, decisions, load }: Known): AutoscaleView => {
  const { memory, recent } = state
  const { enabled, upCooldownMs, downCooldownMs } = settings
  const changed = memory.changedAtMs
  const lowSince = recent.low === null ? changed : Math.max(changed ?? 0, recent.low.sinceMs)
  return {
    settings,
    goodputBitsPerSecond: load === null ? null : Math.round(load.goodput),
    capacityPerTunnelBitsPerSecond: capacityOf(memory),
    capacityOrigin: originOf(state),
    utilisation: load?.utilisation ?? null,
    decisions: [...decisions.list],
    nextLookAtMs: enabled ? recent.nextLookAtMs : null,
    upAllowedAtMs: enabled && changed !== null ? changed + upCooldownMs : null,
    downAllowedAtMs: enabled && lowSince !== null ? lowSince + downCooldownMs : null,
  }
}
