import { Autocomplete, NumberInput, SegmentedControl } from '@mantine/core'
import type { FormErrors } from '@mantine/form'
import { ASSUMPTIONS } from '../../../domain/planner/conditions.ts'
import { hourlyCostOf } from '../../../domain/planner/cost.ts'
import type { PriceTable } from '../../../domain/planner/price-table.ts'
import { bastionCount } from '../../../domain/tunnel-plan.ts'
import { renderCount, renderUsd } from '../../ui/format.ts'
import { type PlanDraft, setAwsDraft, setShape, usePlanDraft } from './plan-draft.ts'
import step from './ShapeFields.module.css'

const MARKETS = [
  { value: 'on-demand', label: 'On demand' },
  { value: 'spot', label: 'Spot' },
]

type Props = { readonly errors: FormErrors; readonly table: PriceTable | undefined; readonly region: string }

/** `2 × c6gn.large with 8 tunnels: $0.18 an hour, data transfer not counted.` */
const summaryOf = (draft: PlanDraft, table: PriceTable | undefined, region: string): string => {
  const [type = ''] = draft.aws.instanceTypes
  const shape = { tunnels: Number(draft.tunnels), bastions: Number(draft.bastions) }
  if (!(shape.tunnels >= 1) || !(shape.bastions >= 1) || type === '') return ''
  const count = bastionCount(shape)
  const prices = table?.regions.get(region)
  const hourly = prices === undefined ? null : hourlyCostOf(type, count, prices, ASSUMPTIONS)
  const what = `${count} × ${type} with ${renderCount(shape.tunnels, 'tunnel')}`
  if (hourly === null) return `${what}: no price of it is known in ${region}.`
  const much = `${renderUsd(hourly.totalUsd)} an hour`
  return draft.aws.market === 'spot'
    ? `${what}: ${much} on demand, less as Spot; the review tells how much.`
    : `${what}: ${much} with addresses and disks; data transfer comes on top.`
}

/** What is launched, in the end: as a row of the table says, or by hand. */
export const ShapeFields = ({ errors, table, region }: Props) => {
  const draft = usePlanDraft()
  const { aws, bastions, tunnels } = draft
  const known = [...(table?.regions.get(region)?.onDemandUsdPerHour.keys() ?? [])]
  return (
    <div className={step.shape}>
      <div className={step.fields}>
        <Autocomplete
          label="Instance type"
          description="Of every bastion."
          data={known}
          limit={12}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={aws.instanceTypes[0] ?? ''}
          error={errors['aws.instanceTypes']}
          onChange={(name) => setShape({ aws: { ...aws, instanceTypes: [name] } })}
        />
        <NumberInput
          label="Bastions"
          description="Spread over the zones."
          min={1}
          max={8}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={bastions}
          error={errors.bastions}
          onChange={(value) => setShape({ bastions: value })}
        />
        <NumberInput
          label="Tunnels"
          description="In all, 8 on a bastion at most."
          min={1}
          max={64}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={tunnels}
          error={errors.tunnels}
          onChange={(value) => setShape({ tunnels: value })}
        />
        <NumberInput
          label="Never more bastions than"
          description="Also when it is scaled later."
          min={1}
          max={8}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={aws.maxBastions}
          error={errors['aws.maxBastions']}
          onChange={(maxBastions) => setAwsDraft({ maxBastions })}
        />
      </div>
      <div className={step.market}>
        <SegmentedControl
          aria-label="How it is bought"
          data={MARKETS}
          value={aws.market}
          onChange={(market) => setAwsDraft({ market: market as typeof aws.market })}
        />
        <p className={step.note}>
          {aws.market === 'spot'
            ? 'AWS may take a Spot instance back at two minutes’ notice; the other bastions carry on until it is replaced.'
            : 'It stays until you take it away.'}
        </p>
      </div>
      <p className={step.summary} role="status">
        {summaryOf(draft, table, region)}
      </p>
    </div>
  )
}
