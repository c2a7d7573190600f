import { findKey } from '../domain/config/keys.ts'
import { renderAcknowledgements } from '../domain/planner/acknowledgements.ts'
import type { Capacity } from '../domain/planner/capacity.ts'
import type { Choice } from '../domain/planner/choice.ts'
import type { Conditions } from '../domain/planner/conditions.ts'
import { originsOf, renderStanding } from '../domain/planner/origins.ts'
import type { TransferPlan } from '../domain/planner/plan-transfer.ts'
import type { PriceTable, RegionPrices } from '../domain/planner/price-table.ts'
import { renderChoices } from '../domain/planner/render-choices.ts'
import { renderTable } from './table.ts'

type Planned = {
  readonly plan: TransferPlan
  readonly shown: readonly Choice[]
  readonly conditions: Conditions
  readonly table: PriceTable
  readonly prices: RegionPrices
}

const renderOrigins = ({ shown, conditions, table, prices }: Planned): string =>
  renderTable(
    originsOf(shown, conditions, table, prices).map(({ what, from }) => [
      renderStanding(from),
      what,
      from.url ?? from.note,
    ]),
    '  ',
  )

const creditsNote = (shown: readonly Choice[]): string[] => {
  const names = shown.filter(({ type }) => type.spendsCpuCredits).map(({ type }) => type.name)
  if (names.length === 0) return []
  return [`CPU credits of ${names.join(', ')} are not counted: above a low share of the processor they cost extra.`]
}

const spotNote = (shown: readonly Choice[]): string[] =>
  shown.some(({ hourly }) => hourly.spotTotalUsd !== null)
    ? ['Spot prices change, and AWS may take a Spot instance away with two minutes of notice: totals are on demand.']
    : []

/** Whether a number is above what the built-in configuration allows. */
const isAbove = (path: string, count: number): boolean => count > Number(findKey(path)?.fallback)

/** The command that deploys a choice, whatever the configuration says of its limits. */
const commandOf = ({ type, instances, tunnels }: Choice, { region }: RegionPrices): string => {
  const before = isAbove('tunnel.max_tunnels', tunnels) ? `MOLE_TUNNEL_MAX_TUNNELS=${tunnels} ` : ''
  const after = isAbove('aws.max_instances', instances) ? ` --max-instances ${instances}` : ''
  return `${before}mole up --target aws --region ${region} --instance-type ${type.name} --bastions ${instances} --tunnels ${tunnels}${after}`
}

/** The plan for people. */
export const renderTransferPlan = (planned: Planned): string => {
  const { plan, shown, conditions, table, prices } = planned
  const acknowledgements = renderAcknowledgements(plan, conditions, prices)
  return [
    `${prices.region}, ${conditions.direction}; rates are payload, prices on demand without tax, table of ${table.compiled}.`,
    '',
    renderTable(renderChoices(plan, shown, table.network)),
    '',
    plan.recommended === null ? plan.reason : `Recommended: ${plan.reason}`,
    ...(acknowledgements === null ? [] : [acknowledgements]),
    ...creditsNote(shown),
    ...spotNote(shown),
    ...(plan.recommended === null ? [] : [`To deploy it: ${commandOf(plan.recommended, prices)}`]),
    '',
    'Where the numbers come from:',
    renderOrigins(planned),
  ].join('\n')
}

const ratesOf = ({ steady, burst }: Capacity, { network }: PriceTable) => ({
  steady,
  burst: burst === null ? null : { ...burst, minutes: network.burstMinutes },
})

/** A choice for programs: a type by its name. */
export const choiceAccount =
  (table: PriceTable) =>
  ({ type, capacity, ...rest }: Choice) => ({
    instanceType: type.name,
    architecture: type.architecture,
    spendsCpuCredits: type.spendsCpuCredits,
    ...rest,
    capacity: ratesOf(capacity, table),
  })
