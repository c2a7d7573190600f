import type { Choice, Verdict } from './choice.ts'
import { renderBitRate, renderSpan, renderUsd } from './figures.ts'
import type { TransferPlan } from './plan-transfer.ts'
import type { NetworkRules } from './price-table.ts'

const ARCHITECTURES = { arm64: 'Graviton', x86_64: 'x86' } as const

const burstOf = ({ capacity }: Choice, { burstMinutes }: NetworkRules): string =>
  capacity.burst === null
    ? '-'
    : `${renderBitRate(capacity.burst.bitsPerSecond)}, ${burstMinutes.least}-${burstMinutes.most} min`

const band = (least: string, most: string): string => (least === most ? most : `${least} ... ${most}`)

const WORDS: Readonly<Record<Verdict, string>> = { yes: 'yes', maybe: 'only in a burst', no: 'no' }

const verdictOf = ({ meets, isAllowed }: Choice): string => {
  const failed = Object.entries(meets).filter(([, verdict]) => verdict !== null && verdict !== 'yes')
  const why = failed.map(([what, verdict]) => `${what}: ${WORDS[verdict ?? 'yes']}`).join(', ')
  const does = failed.length === 0 ? 'yes' : why
  return isAllowed ? does : `${does} (not allowed)`
}

const spotOf = ({ hourly }: Choice): string =>
  hourly.spotTotalUsd === null ? '-' : band(renderUsd(hourly.spotTotalUsd.least), renderUsd(hourly.spotTotalUsd.most))

const rowOf = (
  choice: Choice,
  { goal, recommended }: TransferPlan,
  rules: NetworkRules,
  hasSpot: boolean,
): string[] => {
  const { type, instances, tunnels, capacity, hourly, usdPerTb, finish, total, budgetHours } = choice
  const ends =
    finish === null || total === null
      ? []
      : [
          band(renderSpan(finish.earliestSeconds), renderSpan(finish.latestSeconds)),
          band(renderUsd(total.leastUsd), renderUsd(total.mostUsd)),
        ]
  return [
    `${choice === recommended ? '> ' : '  '}${type.name}`,
    ARCHITECTURES[type.architecture],
    String(instances),
    String(tunnels),
    renderBitRate(capacity.steady.bitsPerSecond),
    burstOf(choice, rules),
    capacity.steady.binds,
    renderUsd(hourly.totalUsd),
    ...(hasSpot ? [spotOf(choice)] : []),
    renderUsd(usdPerTb),
    ...ends,
    ...(goal.kind === 'rate' && budgetHours !== null ? [renderSpan(budgetHours * 3600)] : []),
    verdictOf(choice),
  ]
}

/** The choices as a table, a heading first. `>` marks the recommended one. */
export const renderChoices = (plan: TransferPlan, choices: readonly Choice[], rules: NetworkRules): string[][] => {
  const { goal } = plan
  const ends = goal.kind === 'bytes' ? ['done after', 'total'] : []
  const budget = goal.kind === 'rate' && goal.budgetUsd !== null ? ['budget lasts'] : []
  const hasSpot = choices.some(({ hourly }) => hourly.spotTotalUsd !== null)
  const spot = hasSpot ? ['an hour, Spot'] : []
  const heading = ['  type', 'processor', 'instances', 'tunnels', 'steady', 'burst', 'limited by', 'an hour']
  const rows = choices.map((choice) => rowOf(choice, plan, rules, hasSpot))
  return [[...heading, ...spot, 'a TB', ...ends, ...budget, 'does it'], ...rows]
}
