import { MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import type { LimitName } from './capacity.ts'
import type { Choice } from './choice.ts'
import { renderBitRate, renderShape, renderSpan, renderUsd, renderVolume } from './figures.ts'
import type { Goal } from './goal.ts'

/** What binds, for people. */
const LIMIT_NAMES: Readonly<Record<LimitName, string>> = {
  gateway: 'the internet gateway',
  instance: "the instance's steady bandwidth",
  flow: "AWS's limit for one flow",
  tunnels: 'the number of tunnels',
  vcpus: "the instance's processor",
  streams: 'the number of streams',
  path: 'the path to AWS',
}

const nameOf = ({ type, instances, tunnels }: Choice): string => renderShape(type.name, instances, tunnels)

const wantedOf = (goal: Goal): string => {
  const budget = goal.budgetUsd === null ? '' : ` for ${renderUsd(goal.budgetUsd)}`
  if (goal.kind === 'rate') return renderBitRate(goal.bitsPerSecond)
  return `${renderVolume(goal.bytes)}${goal.withinSeconds === null ? '' : ` within ${renderSpan(goal.withinSeconds)}`}${budget}`
}

const outcomeOf = ({ capacity, finish, total, hourly }: Choice): string => {
  const rate = `${renderBitRate(capacity.steady.bitsPerSecond)} steadily`
  if (finish === null || total === null) return `${rate} at ${renderUsd(hourly.totalUsd)} an hour`
  return `${rate}, through after ${renderSpan(finish.latestSeconds)} at the latest, for ${renderUsd(total.mostUsd)}`
}

const meritOf = (goal: Goal): string => {
  if (goal.kind === 'bytes' && goal.withinSeconds === null && goal.budgetUsd !== null)
    return 'finishes first within the budget'
  return goal.kind === 'bytes' && goal.withinSeconds === null ? 'costs least' : 'costs least of those that surely do it'
}

/** What could be changed where a limit binds. */
const REMEDIES: Readonly<Record<LimitName, string>> = {
  gateway: 'raise aws.max_instances',
  instance: 'raise aws.max_instances, or allow a larger type in aws.instance_types',
  vcpus: 'raise aws.max_instances, or allow a larger type in aws.instance_types',
  flow: 'raise tunnel.max_tunnels',
  tunnels: 'raise tunnel.max_tunnels',
  streams: 'send over more streams',
  path: 'nothing at AWS helps: the path itself is the limit',
}

/** Why this one, in a sentence. */
export const reasonFor = (goal: Goal, choice: Choice): string =>
  `${nameOf(choice)} ${meritOf(goal)}: ${outcomeOf(choice)}; limited by ${LIMIT_NAMES[choice.capacity.steady.binds]}.`

const BASTION_IS_FULL = `raise aws.max_instances, and tunnel.max_tunnels with it: one carries at most ${MAX_TUNNELS_PER_BASTION} tunnels`

const remedyOf = ({ capacity, tunnelsPerInstance }: Choice): string => {
  const { binds } = capacity.steady
  const isByTunnels = binds === 'tunnels' || binds === 'flow'
  return isByTunnels && tunnelsPerInstance === MAX_TUNNELS_PER_BASTION ? BASTION_IS_FULL : REMEDIES[binds]
}

const shortfall = (goal: Goal, choice: Choice): string => {
  const { meets, capacity, total } = choice
  if (meets.rate !== null || meets.deadline === 'no' || meets.deadline === 'maybe') {
    const maybe = meets.rate === 'maybe' || meets.deadline === 'maybe' ? ', or only while its network credits last' : ''
    return `limited by ${LIMIT_NAMES[capacity.steady.binds]}${maybe}; ${remedyOf(choice)}`
  }
  return `it costs ${renderUsd(total?.mostUsd ?? 0)}, and the budget is ${renderUsd(goal.budgetUsd ?? 0)}`
}

/** Why none of those allowed does, how near the nearest comes, and which other would. */
export const reasonForNone = (goal: Goal, nearest: Choice | null, other: Choice | null): string => {
  const none = `Nothing that the configuration allows surely carries ${wantedOf(goal)}.`
  const near =
    nearest === null ? '' : ` Nearest: ${nameOf(nearest)}, ${outcomeOf(nearest)}: ${shortfall(goal, nearest)}.`
  const would =
    other === null ? '' : ` ${nameOf(other)} would (${outcomeOf(other)}); aws.instance_types does not allow it.`
  return `${none}${near}${would}`
}
