import { Button, Skeleton } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { Review } from '../../../contract/app.ts'
import { bastionCount } from '../../../domain/tunnel-plan.ts'
import { AskAgainNote } from '../../ui/AskAgainNote.tsx'
import { type Fact, Facts } from '../../ui/Facts.tsx'
import { renderCount, renderRate, renderUsd } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useDeploy } from '../deployment/acts.ts'
import { targetTitle } from '../deployment/phase.ts'
import { useReview } from '../deployment/use-review.ts'
import { confirmedPlan } from './confirmed-plan.ts'
import css from './Deploy.module.css'
import { parseDraft, usePlanDraft } from './plan-draft.ts'
import { CostPanel, ResourcesPanel, Warnings } from './ReviewPanels.tsx'
import step from './ReviewStep.module.css'
import { StageBody } from './StageBody.tsx'
import { previousOf } from './stages.ts'
import { TerraformFiles } from './TerraformFiles.tsx'

const bundleOf = (plan: Review['plan']): string => {
  const count = bastionCount(plan)
  const tunnels = renderCount(plan.tunnels, 'tunnel')
  return plan.target === 'lab' && count === 1 ? tunnels : `${tunnels} over ${renderCount(count, 'bastion')}`
}

const awsFacts = ({ aws }: Review['plan']): Fact[] =>
  aws === null
    ? []
    : [
        { name: 'Region', value: aws.region ?? '–' },
        { name: 'VPC', value: <span className="mono">{aws.vpcId ?? '–'}</span> },
        { name: 'Instances', value: `${aws.instanceTypes[0]}, ${aws.market === 'spot' ? 'Spot' : 'on demand'}` },
        { name: 'Let in', value: <span className="mono">{aws.sourceCidr ?? '–'}</span> },
        { name: 'The way back', value: aws.routing === 'nat' ? 'masqueraded' : 'routes in the VPC' },
        {
          name: 'Ends itself',
          value: aws.leaseSeconds === 0 ? 'never' : `${aws.leaseSeconds / 3600} h without a tunnel`,
        },
      ]

const carriedText = ({ carriage: { spread, mptcp, relay } }: Review['plan']): string =>
  [
    spread === 'hash' ? 'by the kernel’s hash' : 'one tunnel after the other',
    ...(mptcp === null ? [] : ['Multipath TCP']),
    ...(relay ? ['relay'] : []),
  ].join(', ')

const BudgetLine = ({ plan: { aws } }: Review) =>
  aws === null || aws.budgetUsd === null ? null : (
    <p className={css.text}>
      Budget {renderUsd(aws.budgetUsd)}: told at 50, 80 and 100 %
      {aws.atBudget === 'shut-down' ? ', and taken away when it is used up.' : '.'}
    </p>
  )

const PlanSummary = ({ plan }: { readonly plan: Review['plan'] }) => (
  <Panel title="Plan">
    <Facts
      facts={[
        { name: 'Target', value: targetTitle(plan.target) },
        { name: 'Bundle', value: bundleOf(plan) },
        ...awsFacts(plan),
        ...(plan.target === 'lab' ? [{ name: 'Each path', value: renderRate(plan.labPathRateBitsPerSecond) }] : []),
        { name: 'Tunnel addresses', value: <span className="mono">{plan.baseCidr}</span> },
        { name: 'Private network', value: <span className="mono">{plan.privateCidr}</span> },
        { name: 'MTU in the tunnels', value: `${plan.mtuBytes} bytes` },
        { name: 'Connections', value: carriedText(plan) },
        { name: 'Number of tunnels', value: plan.autoscale.enabled ? 'by the load' : 'as it is set' },
      ]}
    />
  </Panel>
)

const Reviewed = ({ review }: { readonly review: Review }) => (
  <>
    <Warnings warnings={review.warnings} />
    <div className={step.columns}>
      <PlanSummary plan={review.plan} />
      <CostPanel costUsdPerHour={review.costUsdPerHour} costNote={review.costNote}>
        <BudgetLine {...review} />
      </CostPanel>
    </div>
    <ResourcesPanel title="What will be made" resources={review.resources} />
  </>
)

const Waiting = () => (
  <div aria-busy="true" className={css.form}>
    <div className={step.columns}>
      <Skeleton height={196} radius="md" />
      <Skeleton height={196} radius="md" />
    </div>
    <Skeleton height={210} radius="md" />
  </div>
)

/** What will be made, where, and what it costs: the last page before anything happens. */
export const ReviewStep = () => {
  const [, navigate] = useLocation()
  const draft = usePlanDraft()
  const { plan } = parseDraft(draft)
  const review = useReview(plan)
  const deploy = useDeploy()
  const confirm = (): void => {
    if (review.data === undefined || plan === null) return
    deploy.mutate({ plan: confirmedPlan(review.data.plan, plan) }, { onSuccess: () => navigate('/deploy/progress') })
  }
  return (
    <StageBody title="Is this right?" text="Nothing has been made yet.">
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          confirm()
        }}
      >
        {review.data !== undefined && <Reviewed review={review.data} />}
        {review.data === undefined && review.error === null && plan !== null && <Waiting />}
        {review.error !== null && <AskAgainNote query={review} />}
        {plan === null && (
          <ProblemNote
            problem={{
              code: 'bad-input',
              message: 'The plan is not complete.',
              data: { nextStep: 'Go back and correct it.' },
            }}
          />
        )}
        {deploy.error !== null && <ProblemNote problem={toProblem(deploy.error)} />}
        <div className={css.foot}>
          <Button variant="default" onClick={() => navigate(previousOf(draft.target, 'review'))}>
            Back
          </Button>
          <Button
            type="submit"
            leftSection={<IconRocket size={16} />}
            loading={deploy.isPending}
            disabled={review.data === undefined}
          >
            Deploy now
          </Button>
          {draft.target === 'aws' && review.data !== undefined && <TerraformFiles plan={review.data.plan} />}
          <span className={css.footNote}>You can cancel while it is being made; what was made is removed again.</span>
        </div>
      </form>
    </StageBody>
  )
}
