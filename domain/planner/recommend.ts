import type { Choice } from './choice.ts'
import type { Goal } from './goal.ts'

/** Surely, without counting on a burst. */
export const fits = ({ meets }: Choice): boolean =>
  Object.values(meets).every((verdict) => verdict === null || verdict === 'yes')

type Order = (a: Choice, b: Choice) => number

/** Cents: nobody chooses by less. */
const cents = (usd: number): number => Math.round(usd * 100)

const slowest = ({ finish }: Choice): number => finish?.latestSeconds ?? 0
const costOf = (choice: Choice): number => choice.total?.mostUsd ?? choice.hourly.totalUsd
const gravitonFirst = ({ type }: Choice): number => (type.architecture === 'arm64' ? 0 : 1)

const byCost: Order = (a, b) => cents(costOf(a)) - cents(costOf(b))
const byHourlyCost: Order = (a, b) => a.hourly.totalUsd - b.hourly.totalUsd
const bySlowestFinish: Order = (a, b) => slowest(a) - slowest(b)
const byRate: Order = (a, b) => b.capacity.steady.bitsPerSecond - a.capacity.steady.bitsPerSecond
const byArchitecture: Order = (a, b) => gravitonFirst(a) - gravitonFirst(b)
const byInstances: Order = (a, b) => a.instances - b.instances
const byName: Order = (a, b) => a.type.name.localeCompare(b.type.name, 'en')

const inTurn =
  (...orders: readonly Order[]): Order =>
  (a, b) => {
    for (const order of orders) {
      const difference = order(a, b)
      if (difference !== 0) return difference
    }
    return 0
  }

const REST = [byArchitecture, byInstances, byName] as const

/** The best first, of those that do what is asked. */
const orderOfFitting = (goal: Goal): Order => {
  if (goal.kind === 'rate') return inTurn(byHourlyCost, ...REST)
  if (goal.withinSeconds !== null) return inTurn(byCost, bySlowestFinish, ...REST)
  // Money is the only bound: within it, time. Without any, money first and time among equals.
  return goal.budgetUsd === null ? inTurn(byCost, bySlowestFinish, ...REST) : inTurn(bySlowestFinish, byCost, ...REST)
}

const GRADES = ['yes', 'maybe', 'no'] as const

/** In time, or fast enough; whatever it costs. */
const speedGrade = ({ meets }: Choice): number => GRADES.indexOf(meets.rate ?? meets.deadline ?? 'yes')

/** The nearest first, of those that do not: the cheapest of those fast enough, or else the fastest. */
const orderOfFailing: Order = (a, b) => {
  const grade = speedGrade(a) - speedGrade(b)
  if (grade !== 0) return grade
  return speedGrade(a) === 0 ? inTurn(byCost, bySlowestFinish, ...REST)(a, b) : inTurn(byRate, byCost, ...REST)(a, b)
}

/** Those that do what is asked before those that do not. */
export const bestFirst = (goal: Goal): Order => {
  const fitting = orderOfFitting(goal)
  return (a, b) => {
    if (fits(a) !== fits(b)) return fits(a) ? -1 : 1
    return fits(a) ? fitting(a, b) : orderOfFailing(a, b)
  }
}
