import { NumberInput, Radio, Skeleton, TextInput } from '@mantine/core'
import type { FormErrors } from '@mantine/form'
import { bastionCount } from '../../../domain/tunnel-plan.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { AccountCheck } from '../aws/AccountCheck.tsx'
import { PolicyText } from '../aws/PolicyText.tsx'
import { useReview } from '../deployment/use-review.ts'
import css from './Deploy.module.css'
import { parseDraft, setAwsDraft, usePlanDraft } from './plan-draft.ts'
import step from './SecurityStep.module.css'
import { StageBody } from './StageBody.tsx'
import { StageFoot } from './StageFoot.tsx'
import { useStageForm } from './use-stage-form.ts'

const FIELDS = ['aws.sourceCidr', 'aws.routing', 'aws.leaseHours', 'aws.budgetUsd', 'aws.atBudget']

type FoundAddress = { readonly found: string | null; readonly error: unknown }

/** The engine finds the address when it completes the plan; what a person typed here is not asked for. */
const useFoundAddress = (): FoundAddress => {
  const draft = usePlanDraft()
  const { plan } = parseDraft({ ...draft, aws: { ...draft.aws, sourceCidr: '', budgetUsd: '', leaseHours: 24 } })
  const { data, error } = useReview(plan)
  return { found: data?.plan.aws?.sourceCidr ?? null, error }
}

const WhoIsLetIn = ({ errors, found, error }: FoundAddress & { readonly errors: FormErrors }) => {
  const sourceCidr = usePlanDraft(({ aws }) => aws.sourceCidr)
  return (
    <div className={step.part}>
      <TextInput
        label="Who is let in"
        description="Only this address reaches the WireGuard ports (UDP 51821–51836); every other port is shut."
        placeholder={found ?? (error === null ? 'looking …' : 'such as 198.51.100.7/32')}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        className={step.short}
        value={sourceCidr}
        error={errors['aws.sourceCidr']}
        onChange={({ currentTarget }) => setAwsDraft({ sourceCidr: currentTarget.value })}
      />
      {error !== null ? (
        <ProblemNote problem={toProblem(error)} tone="warn" />
      ) : (
        <p className={step.found} role="status">
          {found === null ? (
            <Skeleton height={14} width={300} />
          ) : (
            <>
              This machine is seen as <span className="mono">{found}</span>. Empty: it is taken, and followed when it
              changes.
            </>
          )}
        </p>
      )}
    </div>
  )
}

const Routing = ({ errors }: { readonly errors: FormErrors }) => {
  const { aws, tunnels, bastions } = usePlanDraft()
  const isSpread = bastionCount({ tunnels: Number(tunnels), bastions: Number(bastions) }) > 1
  return (
    <Radio.Group
      label="The way back from the VPC"
      value={aws.routing}
      error={errors['aws.routing']}
      onChange={(routing) => setAwsDraft({ routing: routing as typeof aws.routing })}
    >
      <div className={step.options}>
        <Radio
          value="nat"
          label="Masquerade (NAT)"
          description="Machines in the VPC see the bastion. Nothing of the VPC is changed."
        />
        <Radio
          value="routes"
          label="Routes in the VPC"
          description={
            isSpread
              ? 'Only with one bastion: a VPC route has one target.'
              : 'Machines in the VPC see this machine. Routes to it are added to the VPC’s tables, and taken away with the rest.'
          }
          disabled={isSpread && aws.routing !== 'routes'}
        />
      </div>
    </Radio.Group>
  )
}

const Money = ({ errors }: { readonly errors: FormErrors }) => {
  const { leaseHours, budgetUsd, atBudget } = usePlanDraft(({ aws }) => aws)
  return (
    <>
      <div className={step.pair}>
        <NumberInput
          label="Lease"
          description="Without a tunnel for so long a bastion ends itself. 0: never."
          suffix=" h"
          clampBehavior="none"
          allowNegative={false}
          value={leaseHours}
          error={errors['aws.leaseHours']}
          onChange={(value) => setAwsDraft({ leaseHours: value })}
        />
        <NumberInput
          label="Budget"
          description="For the whole deployment; told at 50, 80 and 100 %."
          prefix="$"
          placeholder="none"
          clampBehavior="none"
          allowNegative={false}
          value={budgetUsd}
          error={errors['aws.budgetUsd']}
          onChange={(value) => setAwsDraft({ budgetUsd: value })}
        />
      </div>
      <Radio.Group
        label="When the budget is used up"
        value={atBudget}
        onChange={(value) => setAwsDraft({ atBudget: value as typeof atBudget })}
      >
        <div className={step.options}>
          <Radio
            value="alert"
            label="Tell me"
            description="It goes on, and goes on costing."
            disabled={budgetUsd === ''}
          />
          <Radio
            value="shut-down"
            label="Take it away"
            description="Transfers are cut; nothing is left, and nothing costs any more."
            disabled={budgetUsd === ''}
          />
        </div>
      </Radio.Group>
    </>
  )
}

/** Who is let in, how answers come back, when it ends by itself, and what the account must allow. */
export const SecurityStep = () => {
  const { draft, errors, body, submit } = useStageForm('security', FIELDS)
  const { profile, region, vpcId, instanceTypes, sourceCidr } = draft.aws
  const address = useFoundAddress()
  return (
    <StageBody
      title="Who may, and for how long?"
      text="The bastions have no SSH, no role and no secret in their user data."
    >
      <form ref={body} className={css.form} noValidate onSubmit={submit}>
        <Panel title="Access">
          <div className={step.parts}>
            <WhoIsLetIn errors={errors} {...address} />
            <Routing errors={errors} />
          </div>
        </Panel>
        <Panel title="Limits">
          <div className={step.parts}>
            <Money errors={errors} />
          </div>
        </Panel>
        <Panel title="Permissions">
          <div className={step.parts}>
            <AccountCheck profile={profile} region={region} vpcId={vpcId} instanceTypes={instanceTypes} />
            <PolicyText />
          </div>
        </Panel>
        {/* Nobody named and nobody found: nobody could be let in. */}
        <StageFoot stage="security" disabled={address.found === null && sourceCidr.trim() === ''} />
      </form>
    </StageBody>
  )
}
