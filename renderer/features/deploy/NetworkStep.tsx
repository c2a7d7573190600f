import { Button, Radio, Select, Skeleton, TextInput } from '@mantine/core'
import type { FormErrors } from '@mantine/form'
import { useEffect } from 'react'
import type { AwsVpc } from '../../../contract/app.ts'
import { AskAgainNote } from '../../ui/AskAgainNote.tsx'
import { Commandline } from '../../ui/Commandline.tsx'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { AccountFields } from '../aws/AccountFields.tsx'
import { type Account, useIdentity, useNetworks } from '../aws/look-ups.ts'
import { AddressFields } from './AddressFields.tsx'
import css from './Deploy.module.css'
import step from './NetworkStep.module.css'
import { setAwsDraft, usePlanDraft } from './plan-draft.ts'
import { StageBody } from './StageBody.tsx'
import { StageFoot } from './StageFoot.tsx'
import { SubnetTable } from './SubnetTable.tsx'
import { subnetProblem } from './subnet-problem.ts'
import { useStageForm } from './use-stage-form.ts'

const FIELDS = ['baseCidr', 'mtuBytes', 'aws.privateCidr', 'aws.vpcId', 'aws.subnetIds', 'aws.profile', 'aws.region']

const titleOf = ({ id, name, isDefault, cidrs }: AwsVpc): string =>
  [name === '' ? id : `${name} (${id})`, cidrs[0], isDefault ? 'default' : null].filter(Boolean).join(' · ')

const choose = (vpc: AwsVpc): void => setAwsDraft({ vpcId: vpc.id, vpcCidr: vpc.cidrs[0] ?? null, subnetIds: [] })

/** What is behind the bastions, seen from here. */
const PrivateNetwork = ({ vpc, errors }: { readonly vpc: AwsVpc; readonly errors: FormErrors }) => {
  const { wholeVpc, privateCidr } = usePlanDraft(({ aws }) => aws)
  return (
    <Radio.Group
      label="What is reached through the tunnels"
      value={wholeVpc ? 'vpc' : 'cidr'}
      onChange={(value) => setAwsDraft({ wholeVpc: value === 'vpc' })}
    >
      <div className={step.options}>
        <Radio value="vpc" label={`The whole VPC: ${vpc.cidrs[0] ?? ''}`} />
        <div className={step.option}>
          <Radio value="cidr" label="A part of it" />
          <TextInput
            aria-label="Network that is reached"
            placeholder={vpc.subnets.find(({ isPublic }) => !isPublic)?.cidr ?? vpc.cidrs[0] ?? ''}
            spellCheck={false}
            classNames={{ input: 'mono' }}
            className={step.cidr}
            disabled={wholeVpc}
            value={privateCidr}
            error={errors['aws.privateCidr']}
            onChange={({ currentTarget }) => setAwsDraft({ privateCidr: currentTarget.value })}
          />
        </div>
      </div>
    </Radio.Group>
  )
}

const NoVpc = ({ region, onAgain }: { readonly region: string; readonly onAgain: () => void }) => (
  <EmptyNote
    title={`There is no VPC in ${region}`}
    text="A bastion needs one. Choose another region above, or make a default VPC, which costs nothing:"
  >
    <div className={step.remedy}>
      <Commandline text={`aws ec2 create-default-vpc --region ${region}`} label="the command that makes a VPC" />
      <Button variant="default" onClick={onAgain}>
        Look again
      </Button>
    </div>
  </EmptyNote>
)

const Vpcs = ({ vpcs, errors }: { readonly vpcs: readonly AwsVpc[]; readonly errors: FormErrors }) => {
  const vpcId = usePlanDraft(({ aws }) => aws.vpcId)
  const chosen = vpcs.find(({ id }) => id === vpcId)
  // The only one, or the default one, is what a plan without a VPC means.
  const usual = vpcs.find(({ isDefault }) => isDefault) ?? vpcs[0]
  useEffect(() => {
    if (chosen === undefined && usual !== undefined) choose(usual)
  }, [chosen, usual])
  if (chosen === undefined) return <Skeleton height={260} radius="sm" />
  return (
    <div className={css.form}>
      <Select
        label="VPC"
        description="The bastions are launched in it."
        data={vpcs.map((vpc) => ({ value: vpc.id, label: titleOf(vpc) }))}
        value={chosen.id}
        allowDeselect={false}
        searchable={vpcs.length > 8}
        onChange={(id) => {
          const vpc = vpcs.find((each) => each.id === id)
          if (vpc !== undefined) choose(vpc)
        }}
      />
      <SubnetTable vpc={chosen} />
      <PrivateNetwork vpc={chosen} errors={errors} />
    </div>
  )
}

const Networks = ({ account, errors }: { readonly account: Account; readonly errors: FormErrors }) => {
  const identity = useIdentity(account)
  const networks = useNetworks(account, identity.data !== undefined)
  if (identity.error !== null)
    return <EmptyNote title="Not known yet" text="The networks are shown as soon as the account above answers." />
  if (networks.error !== null) return <AskAgainNote query={networks} />
  if (networks.data === undefined)
    return (
      <div className={css.form} aria-busy="true">
        <Skeleton height={58} radius="sm" />
        <Skeleton height={190} radius="sm" />
        <Skeleton height={64} radius="sm" />
      </div>
    )
  if (networks.data.vpcs.length === 0)
    return <NoVpc region={identity.data?.region ?? 'this region'} onAgain={() => void networks.refetch()} />
  return <Vpcs vpcs={networks.data.vpcs} errors={errors} />
}

/** Whose account, which region, which network. */
export const NetworkStep = () => {
  const { draft, errors, body, submit } = useStageForm('network', FIELDS)
  const { profile, region, vpcId } = draft.aws
  const account = { profile, region }
  const identity = useIdentity(account)
  const networks = useNetworks(account, identity.data !== undefined)
  const vpc = networks.data?.vpcs.find(({ id }) => id === vpcId)
  const hasPlace = vpc?.subnets.some((subnet) => subnetProblem(subnet) === null) ?? false
  return (
    <StageBody title="Which network?" text="The account that pays, and the VPC that the tunnels lead into.">
      <form ref={body} className={css.form} noValidate onSubmit={submit}>
        <Panel title="Account">
          <AccountFields
            account={account}
            onChange={(next) => setAwsDraft({ ...next, vpcId: null, vpcCidr: null, subnetIds: [] })}
          />
        </Panel>
        <Panel title="Network">
          <Networks account={account} errors={errors} />
        </Panel>
        <AddressFields errors={errors} />
        <StageFoot stage="network" disabled={identity.error !== null || !hasPlace} />
      </form>
    </StageBody>
  )
}
