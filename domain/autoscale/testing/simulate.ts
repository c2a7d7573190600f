import { Autoscale } from '../../autoscale.ts'
import { bastionCount, MAX_TUNNELS_PER_BASTION, slotsOf } from '../../tunnel-plan.ts'
import { decide } from '../decide.ts'
import type { Decision } from '../decision.ts'
import type { FlowSeen, Look, TunnelSeen } from '../look.ts'
import { beginAutoscale } from '../state.ts'

/** What applications want to move. */
export type Demand = {
  /** All of them together, if they could. */
  readonly bitsPerSecond: number
  /** Ordinary connections it comes over, equal ones. */
  readonly flows: number
  /** Bytes that each of them has moved by now. */
  readonly flowBytes?: number
  readonly spreads?: boolean
  readonly heldBack?: boolean
  /** What lies behind the tunnels takes no more than this, and does so without a queue in them. */
  readonly beyond?: number
}

export type Script = {
  readonly settings?: Partial<Autoscale>
  readonly begin: number
  readonly fewest?: number
  readonly most?: number
  readonly lastMs: number
  readonly capacity: number
  /** What all tunnels share, such as the line they leave by. */
  readonly shared?: number
  demand(atMs: number): Demand
  /** Slots that do not answer then. */
  silent?(atMs: number): readonly number[]
  /** Flows are not looked at. */
  readonly isBlind?: boolean
  /** Somebody else sets the number of tunnels then. */
  others?(atMs: number): number | null
  /** How far rates and echoes vary by chance, 0–1 at the second. */
  noise?(atMs: number): number
}

const CALM_RTT_MS = 0.5
const QUEUED_RTT_MS = 20
const NOISE_SHARE = 0.05

const flowsOf = ({ flows, flowBytes, spreads, heldBack, bitsPerSecond }: Demand, carried: number): FlowSeen[] =>
  Array.from({ length: flows }, (_, at) => ({
    id: `flow ${at}`,
    bytes: flowBytes ?? 0,
    bitsPerSecond: carried / flows,
    spreads: spreads ?? false,
    // What has all that it wants is held back by its own end.
    heldBack: heldBack ?? carried >= bitsPerSecond,
  }))

/** Tunnels, what they carry of a demand, and what their echoes are like then. */
const carry = (script: Script, slots: readonly number[], atMs: number): Pick<Look, 'seen' | 'flows'> => {
  const demand = script.demand(atMs)
  const silent = script.silent?.(atMs) ?? []
  const answering = slots.filter((slot) => !silent.includes(slot))
  const used = demand.spreads === true ? answering : answering.slice(0, demand.flows)
  const room = Math.min(used.length * script.capacity, script.shared ?? Number.POSITIVE_INFINITY)
  const beyond = demand.beyond ?? Number.POSITIVE_INFINITY
  const carried = Math.min(demand.bitsPerSecond, room, beyond)
  const isQueued = demand.bitsPerSecond > room && beyond > room && used.length > 0
  const chance = 1 - NOISE_SHARE * (script.noise?.(atMs) ?? 0)
  const seen = slots.map((slot): TunnelSeen => {
    const carries = used.includes(slot)
    return {
      slot,
      upBitsPerSecond: carries ? (carried / used.length) * chance : 0,
      downBitsPerSecond: 0,
      rttMs: silent.includes(slot) ? null : carries && isQueued ? QUEUED_RTT_MS : CALM_RTT_MS,
      lossRatio: silent.includes(slot) ? 1 : 0,
      health: silent.includes(slot) ? 'silent' : 'up',
    }
  })
  return { seen, flows: script.isBlind === true ? null : flowsOf(demand, carried) }
}

export type Simulated = { readonly decisions: Decision[]; readonly outcomes: string[]; readonly tunnels: number[] }

/** Lives through the script second by second, doing at once what is decided. */
export const simulate = (script: Script): Simulated => {
  const settings = Autoscale.parse({ enabled: true, ...script.settings })
  const [fewest, most] = [script.fewest ?? 1, script.most ?? MAX_TUNNELS_PER_BASTION]
  const decisions: Decision[] = []
  const outcomes: string[] = []
  const history: number[] = []
  let tunnels = script.begin
  let state = beginAutoscale(null, 0)
  for (let atMs = 0; atMs <= script.lastMs; atMs += 1000) {
    tunnels = script.others?.(atMs) ?? tunnels
    const plan = { tunnels, bastions: 1 }
    const decided = decide(settings, state, {
      atMs,
      ...plan,
      bastions: bastionCount(plan),
      fewest,
      most: { tunnels: most, reason: `${most} are the most.` },
      ...carry(script, slotsOf(plan), atMs),
      carriage: 'round-robin',
      isActing: false,
      obstacle: null,
    })
    state = decided.state
    if (decided.outcome !== null) outcomes.push(decided.outcome.text)
    if (decided.decision !== null) decisions.push(decided.decision)
    tunnels = decided.decision?.to ?? tunnels
    history.push(tunnels)
  }
  return { decisions, outcomes, tunnels: history }
}

/** The decisions that changed something, as `09:00:30 up 1→2`. */
export const changesOf = ({ decisions }: Simulated): string[] =>
  decisions
    .filter(({ action }) => action !== 'hold')
    .map(({ atMs, action, from, to }) => `${new Date(atMs).toISOString().slice(11, 19)} ${action} ${from}→${to}`)
