import { Button } from '@mantine/core'
import { IconPlugConnected, IconPlugConnectedX, IconRefresh, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { DeploymentView } from '../../../contract/app.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { Facts } from '../../ui/Facts.tsx'
import { renderCount, renderDuration, renderRate } from '../../ui/format.ts'
import { HealthMark } from '../../ui/Health.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useEngineNow } from '../../ui/use-now.ts'
import { useDeploy, useTeardown } from '../deployment/acts.ts'
import { describePhase, isActing, isGone, isUp, targetTitle } from '../deployment/phase.ts'
import { SaveProfile } from '../profiles/SaveProfile.tsx'
import { ActProgress } from './ActProgress.tsx'
import { lostBastions } from './bastion-state.ts'
import css from './ConnectionCard.module.css'
import { DisconnectDialog } from './DisconnectDialog.tsx'

const Since = ({ view }: { readonly view: DeploymentView }) => {
  const since = isUp(view) ? view.connectedAtMs : null
  const now = useEngineNow(1000, since !== null)
  return since === null ? null : (
    <span className="number"> for {renderDuration(Math.floor((now - since) / 1000) * 1000)}</span>
  )
}

const bastionFact = ({ bastions }: DeploymentView) =>
  bastions.length > 1
    ? {
        name: 'Bastions',
        value: `${bastions.filter(({ state }) => state === 'running').length} of ${bastions.length} run`,
      }
    : { name: 'Bastion', value: <span className="mono">{bastions[0]?.publicAddress || '–'}</span> }

const cloudFacts = (aws: DeploymentPlan['aws']) =>
  aws === null
    ? []
    : [
        { name: 'Region', value: aws.region ?? '–' },
        {
          name: 'Ends itself',
          value: aws.leaseSeconds === 0 ? 'never' : `${aws.leaseSeconds / 3600} h without a tunnel`,
        },
      ]

const factsOf = (view: DeploymentView) => {
  const { plan } = view
  return plan === null
    ? []
    : [
        { name: 'Private network', value: <span className="mono">{plan.privateCidr}</span> },
        { name: 'Tunnel addresses', value: <span className="mono">{plan.baseCidr}</span> },
        bastionFact(view),
        ...cloudFacts(plan.aws),
        { name: 'MTU in the tunnels', value: `${plan.mtuBytes} bytes` },
        ...(plan.target === 'lab' ? [{ name: 'Each path', value: renderRate(plan.labPathRateBitsPerSecond) }] : []),
      ]
}

/** What the big button does in this phase. */
const Actions = ({ view, onDisconnect }: { readonly view: DeploymentView; readonly onDisconnect: () => void }) => {
  const deploy = useDeploy()
  const teardown = useTeardown()
  const { plan, phase, profile } = view
  if (isActing(view)) return null
  const error = deploy.error ?? teardown.error
  const isBroken = phase === 'failed' || phase === 'detached'
  const lost = lostBastions(view).length
  return (
    <>
      {error !== null && <ProblemNote problem={toProblem(error)} />}
      {isBroken && plan !== null && (
        <Button
          size="md"
          fullWidth
          leftSection={phase === 'detached' ? <IconPlugConnected size={18} /> : <IconRefresh size={18} />}
          loading={deploy.isPending}
          onClick={() => deploy.mutate({ plan, profile })}
        >
          {phase === 'detached' ? 'Reconnect' : 'Try again'}
        </Button>
      )}
      {isUp(view) && plan !== null && lost > 0 && (
        <Button
          size="md"
          fullWidth
          leftSection={<IconRefresh size={18} />}
          loading={deploy.isPending}
          onClick={() => deploy.mutate({ plan, profile })}
        >
          Launch {renderCount(lost, 'bastion')} again
        </Button>
      )}
      {isUp(view) && plan !== null && profile === null && <SaveProfile plan={plan} fullWidth />}
      <Button
        size="md"
        fullWidth
        variant="default"
        leftSection={isBroken ? <IconTrash size={18} /> : <IconPlugConnectedX size={18} />}
        loading={teardown.isPending}
        onClick={isGone(view) ? () => teardown.mutate() : onDisconnect}
      >
        {isBroken ? 'Clean up' : 'Disconnect'}
      </Button>
    </>
  )
}

/** What is being done, else what is wrong, else what it is: one at a time, so that the card keeps its size. */
const Middle = ({ view }: { readonly view: DeploymentView }) => {
  if (isActing(view) && view.act !== null) return <ActProgress act={view.act} />
  return view.problem === null ? (
    <Facts facts={factsOf(view)} />
  ) : (
    <ProblemNote tone={isUp(view) ? 'warn' : 'bad'} problem={view.problem} />
  )
}

/** The profile it was connected by, else where it is. */
const subject = ({ profile }: DeploymentView, { target }: DeploymentPlan): string => profile ?? targetTitle(target)

/** `8 tunnels`, or `6 of 9 tunnels` where some are missing. */
const sizeOf = (view: DeploymentView, { tunnels }: DeploymentPlan): string => {
  const there = view.tunnels.length
  return isUp(view) && there < tunnels
    ? `${there} of ${renderCount(tunnels, 'tunnel')}`
    : renderCount(tunnels, 'tunnel')
}

/** The deployment in one look, and the button that ends it. */
export const ConnectionCard = ({
  view,
  className,
}: {
  readonly view: DeploymentView
  readonly className?: string | undefined
}) => {
  const [asking, setAsking] = useState(false)
  const { level, title } = describePhase(view.phase)
  return (
    <Panel title="Connection" className={className}>
      <div className={css.phase} data-level={level}>
        <HealthMark level={level} />
        <p className={css.title}>{title}</p>
      </div>
      <p className={css.line}>
        {view.plan !== null && `${subject(view, view.plan)} · ${sizeOf(view, view.plan)}`}
        <Since view={view} />
      </p>
      <Middle view={view} />
      <div className={css.actions}>
        <Actions view={view} onDisconnect={() => setAsking(true)} />
      </div>
      <DisconnectDialog view={view} opened={asking} onClose={() => setAsking(false)} />
    </Panel>
  )
}
