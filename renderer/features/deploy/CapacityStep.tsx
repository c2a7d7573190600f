import { Button, Skeleton } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import type { Choice } from '../../../domain/planner/choice.ts'
import type { PriceTable } from '../../../domain/planner/price-table.ts'
import { tellingChoices } from '../../../domain/planner/telling-choices.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useEngineNow } from '../../ui/use-now.ts'
import { useIdentity, usePriceTable } from '../aws/look-ups.ts'
import { ChoiceTable } from '../planner/ChoiceTable.tsx'
import { CostChart } from '../planner/CostChart.tsx'
import { chartOf } from '../planner/chart-points.ts'
import { GoalForm } from '../planner/GoalForm.tsx'
import { goalOf, useGoalDraft } from '../planner/goal-draft.ts'
import { NotCounted } from '../planner/NotCounted.tsx'
import { PriceLine } from '../planner/PriceLine.tsx'
import { Sources } from '../planner/Sources.tsx'
import { type Planned, useTransferPlan } from '../planner/use-transfer-plan.ts'
import step from './CapacityStep.module.css'
import { DraftCarriage } from './CarriageDetails.tsx'
import css from './Deploy.module.css'
import { setAwsDraft, usePlanDraft } from './plan-draft.ts'
import { ShapeFields } from './ShapeFields.tsx'
import { StageBody } from './StageBody.tsx'
import { StageFoot } from './StageFoot.tsx'
import { useStageForm } from './use-stage-form.ts'

const FIELDS = ['tunnels', 'bastions', 'aws.instanceTypes', 'aws.maxBastions', 'aws.market']

const MINUTE_MS = 60_000
const DEFAULT_REGION = 'us-west-2'

const take = ({ type, instances, tunnels }: Choice): void => {
  usePlanDraft.setState(({ aws, maxTunnels }) => ({
    bastions: instances,
    tunnels,
    maxTunnels: Math.max(maxTunnels, tunnels),
    aws: { ...aws, instanceTypes: [type.name] },
  }))
}

/** As long as nobody has chosen, what is recommended follows the goal. */
const useRecommended = (recommended: Choice | null): void => {
  const isShaped = usePlanDraft((draft) => draft.isShaped)
  useEffect(() => {
    if (!isShaped && recommended !== null) take(recommended)
  }, [isShaped, recommended])
}

const choose = (choice: Choice): void => {
  take(choice)
  usePlanDraft.setState({ isShaped: true })
}

/** The choice that the draft is as it stands, if it is one. */
const useChosen = (choices: readonly Choice[]): Choice | null => {
  const { bastions, tunnels, aws } = usePlanDraft()
  const found = choices.find(
    (choice) =>
      choice.type.name === aws.instanceTypes[0] &&
      choice.instances === Number(bastions) &&
      choice.tunnels === Number(tunnels),
  )
  return found ?? null
}

/** What could be bought, drawn and in numbers. */
const Choices = ({ planned }: { readonly planned: Planned }) => {
  const { plan, table } = planned
  const [isWhole, setWhole] = useState(false)
  const [hovered, setHovered] = useState<Choice | null>(null)
  useRecommended(plan.recommended)
  const chosen = useChosen(plan.choices)
  const telling = tellingChoices(plan)
  const shown = isWhole ? plan.choices : telling
  const chart = chartOf(plan.goal, shown)
  const common = { recommended: plan.recommended, chosen, hovered, onHover: setHovered, onChoose: choose }
  return (
    <Panel
      title={chart.title}
      flush
      aside={
        <span className={step.key} aria-hidden="true">
          <svg width="10" height="10" aria-hidden="true">
            <circle cx="5" cy="5" r="4" className={step.swatch} />
          </svg>
          Graviton
          <svg width="10" height="10" aria-hidden="true">
            <rect x="1.5" y="1.5" width="7" height="7" className={step.swatch} />
          </svg>
          x86
        </span>
      }
    >
      <div className={step.chart}>
        <CostChart chart={chart} {...common} />
      </div>
      <p className={step.reason} role="status">
        {plan.reason}
      </p>
      <ChoiceTable goal={plan.goal} choices={shown} rules={table.network} {...common} />
      {telling.length < plan.choices.length && (
        <div className={step.more}>
          <Button size="compact-sm" variant="subtle" onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show all ${plan.choices.length} types`}
          </Button>
        </div>
      )}
      <NotCounted planned={planned} choices={shown} />
      <Sources planned={planned} choices={shown} />
    </Panel>
  )
}

const NoPrices = ({ table, region, direction }: { table: PriceTable; region: string; direction: string }) => (
  <EmptyNote
    title={`No price of ${region} is known`}
    text={
      table.regions.has(region)
        ? `None of data out of it, so a ${direction} cannot be reckoned. Ask AWS for prices below, or set the bastions by hand.`
        : 'Ask AWS for prices below, or set the bastions by hand: the review tells what they cost, where AWS says so.'
    }
  />
)

const Waiting = () => (
  <Panel title="Cost against finish time">
    <div className={css.form} aria-busy="true">
      <Skeleton height={230} radius="sm" />
      <Skeleton height={320} radius="sm" />
    </div>
  </Panel>
)

/** How much it is to carry, what could carry it at what price, and which of these it shall be. */
export const CapacityStep = () => {
  const goalDraft = useGoalDraft()
  const { draft, errors, body, submit } = useStageForm('capacity', FIELDS, () => {
    // What it may cost was said here already.
    if (draft.aws.budgetUsd === '' && goalDraft.budgetUsd !== '') setAwsDraft({ budgetUsd: goalDraft.budgetUsd })
  })
  const { aws, mtuBytes } = draft
  const account = { profile: aws.profile, region: aws.region }
  const identity = useIdentity(account)
  const prices = usePriceTable()
  const region = aws.region ?? identity.data?.region ?? DEFAULT_REGION
  // A minute is near enough; with each second everything would be reckoned anew.
  const nowMs = Math.floor(useEngineNow(MINUTE_MS) / MINUTE_MS) * MINUTE_MS
  const wanted = useMemo(() => goalOf(goalDraft, nowMs), [goalDraft, nowMs])
  const planned = useTransferPlan(prices.data, region, {
    goal: wanted.goal,
    direction: goalDraft.direction,
    mtuBytes: Number(mtuBytes),
    allowedTypes: draft.allowedTypes,
    maxBastions: Math.min(8, Math.max(1, Math.floor(Number(aws.maxBastions)) || 1)),
  })
  return (
    <StageBody title="How much?" text="Say what is to be moved; choose a row, or set the bastions by hand.">
      <form ref={body} className={css.form} noValidate onSubmit={submit}>
        <Panel title="Goal">
          <GoalForm errors={wanted.errors} />
        </Panel>
        {prices.error !== null && <ProblemNote problem={toProblem(prices.error)} />}
        {prices.data === undefined && prices.error === null && <Waiting />}
        {planned !== null && <Choices planned={planned} />}
        {prices.data !== undefined && (
          <Panel title="Prices" flush>
            {planned === null && wanted.goal !== null && (
              <NoPrices table={prices.data} region={region} direction={goalDraft.direction} />
            )}
            <PriceLine table={prices.data} account={account} region={region} />
          </Panel>
        )}
        <Panel title="What will be launched">
          <ShapeFields errors={errors} table={prices.data} region={region} />
        </Panel>
        <DraftCarriage />
        <StageFoot stage="capacity" />
      </form>
    </StageBody>
  )
}
