import { Button, NumberInput, TextInput } from '@mantine/core'
import { IconCloud, IconFlask, IconServer2, IconTopologyStar3, IconWorldSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId } from 'react'
import { Link, useLocation } from 'wouter'
import type { Target } from '../../../contract/app.ts'
import { ChoiceCard } from '../../ui/ChoiceCard.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { AccountFields } from '../aws/AccountFields.tsx'
import { useIdentity } from '../aws/look-ups.ts'
import deploy from '../deploy/Deploy.module.css'
import { StageBody } from '../deploy/StageBody.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { isUp } from '../deployment/phase.ts'
import { useTargets } from '../deployment/use-targets.ts'
import css from './NewProbe.module.css'
import { type DraftErrors, parseProbeDraft, type TargetKind, useProbeDraft } from './probe-draft.ts'
import { SiteFields } from './SiteFields.tsx'
import { farEndOf } from './target-words.ts'

const CHOICES = [
  {
    kind: 'lab',
    title: 'Local lab',
    summary: 'A probe site on this machine behind a path whose properties you choose: to see what a probe tells. Free.',
    icon: IconFlask,
  },
  {
    kind: 'host',
    title: 'A host of yours',
    summary: 'An iperf3 server you name. With “mole probe answer” running on it, packet sizes are found exactly.',
    icon: IconServer2,
  },
  {
    kind: 'deployment',
    title: 'What is up',
    summary: 'Through the tunnels, to the private network behind them.',
    icon: IconTopologyStar3,
  },
  {
    kind: 'aws',
    title: 'AWS',
    summary: 'A small bastion made for this probe, and taken away with it. What it costs is shown first.',
    icon: IconCloud,
  },
  {
    kind: 'none',
    title: 'Only this machine',
    summary: 'Its interface, and how far it is to each region of the cloud. Nothing is needed at the other end.',
    icon: IconWorldSearch,
  },
] as const

/** Why a target cannot be chosen; `null` when it can. */
const hindrance = (kind: TargetKind, targets: readonly Target[] | undefined, isStanding: boolean): ReactNode => {
  if (kind === 'deployment')
    return isStanding ? null : (
      <p className={css.hindrance}>
        Nothing is up. <Link href="/deploy">Connect first</Link>
      </p>
    )
  const problem = kind === 'lab' || kind === 'aws' ? targets?.find(({ id }) => id === kind)?.problem : null
  return problem == null ? null : <ProblemNote problem={problem} tone="plain" />
}

type FieldsProps = { readonly errors: DraftErrors }

const PORTS = [
  { key: 'iperf3Port', label: 'iperf3 port', description: 'TCP and UDP.' },
  { key: 'echoPort', label: 'Echo port', description: 'UDP, of “mole probe answer”.' },
] as const

const PortFields = ({ errors }: FieldsProps) => {
  const draft = useProbeDraft()
  return PORTS.map(({ key, label, description }) => (
    <NumberInput
      key={key}
      label={label}
      description={description}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={draft[key]}
      error={errors[key]}
      onChange={(value) => useProbeDraft.setState({ [key]: value })}
    />
  ))
}

const HostFields = ({ errors }: FieldsProps) => {
  const host = useProbeDraft((draft) => draft.host)
  return (
    <Panel title="Host">
      <div className={css.fields}>
        <TextInput
          label="Name or address"
          description="IPv4, or a name that has one."
          placeholder="iperf.example.edu"
          value={host}
          error={host.trim() === '' ? undefined : errors.host}
          onChange={({ currentTarget }) => useProbeDraft.setState({ host: currentTarget.value })}
        />
        <PortFields errors={errors} />
      </div>
    </Panel>
  )
}

const DeploymentFields = ({ errors }: FieldsProps) => {
  const farEnd = farEndOf(useDeployment(({ view }) => view?.plan?.target ?? null))
  return (
    <Panel title="Behind the tunnels">
      <div className={css.fields}>
        <TextInput
          label="Host of the private network"
          description={`It runs an iperf3 server. Empty: ${farEnd}.`}
          placeholder={farEnd}
          value={useProbeDraft((draft) => draft.behind)}
          error={errors.behind}
          onChange={({ currentTarget }) => useProbeDraft.setState({ behind: currentTarget.value })}
        />
        <PortFields errors={errors} />
      </div>
    </Panel>
  )
}

/** Fills in the region that the environment says, so that what is shown is what is taken. */
const AwsFields = () => {
  const { account } = useProbeDraft()
  const identity = useIdentity(account)
  const region = account.region ?? identity.data?.region ?? null
  useEffect(() => {
    if (region !== null && account.region === null) useProbeDraft.setState({ account: { ...account, region } })
  }, [account, region])
  return (
    <Panel title="Account">
      <AccountFields account={account} onChange={(next) => useProbeDraft.setState({ account: next })} />
    </Panel>
  )
}

const FIELDS: Readonly<Partial<Record<TargetKind, (props: FieldsProps) => ReactNode>>> = {
  lab: SiteFields,
  host: HostFields,
  deployment: DeploymentFields,
  aws: AwsFields,
}

/** Towards what is measured. */
export const TargetStage = () => {
  const [, navigate] = useLocation()
  const name = useId()
  const targets = useTargets().data?.targets
  const isStanding = useDeployment(({ view }) => view !== null && isUp(view))
  const draft = useProbeDraft()
  const { errors } = parseProbeDraft(draft)
  const hindered = hindrance(draft.kind, targets, isStanding)
  const Fields = FIELDS[draft.kind]
  const own = [
    'host',
    'behind',
    'iperf3Port',
    'echoPort',
    'account',
    'rateMegabits',
    'mtuBytes',
    'delayMs',
    'lossPercent',
    'flowRateMegabits',
    'blackHoleAboveBytes',
    'windowKibibytes',
    'senderMegabits',
  ] as const
  const isSound = hindered === null && own.every((field) => errors[field] === undefined)
  return (
    <StageBody title="Towards what?" text="What answers at the other end decides how much can be found out.">
      <form
        className={deploy.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (isSound) navigate('/probe/new/measure')
        }}
      >
        <div role="radiogroup" aria-label="Target" className={css.targets}>
          {CHOICES.map(({ kind, ...choice }) => {
            const why = hindrance(kind, targets, isStanding)
            return (
              <ChoiceCard
                key={kind}
                {...choice}
                name={name}
                value={kind}
                checked={kind === draft.kind}
                disabled={why !== null}
                onChoose={() => useProbeDraft.setState({ kind })}
              >
                {why}
              </ChoiceCard>
            )
          })}
        </div>
        {Fields !== undefined && hindered === null && <Fields errors={errors} />}
        <div className={deploy.foot}>
          <Button type="submit" disabled={!isSound}>
            Continue
          </Button>
        </div>
      </form>
    </StageBody>
  )
}
