import { Skeleton } from '@mantine/core'
import type { DeploymentView } from '../../../contract/app.ts'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { describeAct, isGone } from '../deployment/phase.ts'
import { StepList } from '../deployment/StepList.tsx'
import { ThroughputChart } from '../telemetry/ThroughputChart.tsx'
import { TrafficPanel } from '../traffic/TrafficPanel.tsx'
import { BastionsPanel } from './BastionsPanel.tsx'
import { CloudPanel } from './CloudPanel.tsx'
import { ConnectionCard } from './ConnectionCard.tsx'
import { DriftNote } from './DriftNote.tsx'
import { MapNotice } from './MapNotice.tsx'
import { NothingDeployed } from './NothingDeployed.tsx'
import { Numbers } from './Numbers.tsx'
import css from './Overview.module.css'
import { RecentEvents } from './RecentEvents.tsx'
import { TunnelMap } from './TunnelMap.tsx'
import { TunnelsPanel } from './TunnelsPanel.tsx'

/** The shape of the page before the engine has told anything. */
const Waiting = () => (
  <div className={css.grid} aria-busy="true" role="status" aria-label="Loading the overview">
    <Skeleton className={css.connection} height={318} radius="md" />
    <Skeleton className={css.map} height={318} radius="md" />
    <Skeleton className={css.numbers} height={92} radius="md" />
    <Skeleton className={css.chart} height={318} radius="md" />
    <Skeleton className={css.side} height={318} radius="md" />
  </div>
)

/** Where the traffic goes; as long as there are no tunnels, what is being done or went wrong. */
type PartProps = { readonly view: DeploymentView; readonly className?: string | undefined }

const MapOrSteps = ({ view, className }: PartProps) =>
  view.tunnels.length === 0 && view.act !== null ? (
    <Panel title={describeAct(view.act)} className={className}>
      <StepList steps={view.act.steps} />
    </Panel>
  ) : (
    <Panel title="Tunnel map" className={className} flush aside={<MapNotice view={view} />}>
      <TunnelMap view={view} />
    </Panel>
  )

/** A deployment that failed and was rolled back: there is nothing to measure, only what happened. */
const RolledBack = ({ view }: { readonly view: DeploymentView }) => (
  <>
    <div className={css.pair}>
      <ConnectionCard view={view} />
      <MapOrSteps view={view} />
    </div>
    <RecentEvents />
  </>
)

const InCloud = ({ view }: { readonly view: DeploymentView }) => (
  <>
    <DriftNote view={view} />
    <div className={css.grid}>
      <ConnectionCard view={view} className={css.connection} />
      <MapOrSteps view={view} className={css.map} />
      <Numbers view={view} className={css.numbers} />
      <ThroughputChart className={css.chart} />
      <BastionsPanel view={view} className={css.side} />
      <TunnelsPanel view={view} className={css.tunnels} />
      <CloudPanel view={view} className={css.cloud} />
      <RecentEvents className={css.events} />
    </div>
  </>
)

const Deployed = ({ view }: { readonly view: DeploymentView }) => {
  const inLab = view.plan?.target === 'lab'
  if (!inLab) return <InCloud view={view} />
  return (
    <div className={css.grid}>
      <ConnectionCard view={view} className={css.connection} />
      <MapOrSteps view={view} className={css.map} />
      <Numbers view={view} className={css.numbers} />
      <ThroughputChart className={css.chart} />
      <TrafficPanel view={view} className={css.side} />
      <TunnelsPanel view={view} className={css.tunnels} />
      <RecentEvents className={css.events} />
    </div>
  )
}

const Content = ({ view }: { readonly view: DeploymentView | null }) => {
  if (view === null) return <Waiting />
  if (view.phase === 'none') return <NothingDeployed view={view} />
  return isGone(view) ? <RolledBack view={view} /> : <Deployed view={view} />
}

export const Overview = () => {
  const view = useDeployment((state) => state.view)
  return (
    <Page title="Overview">
      <Content view={view} />
    </Page>
  )
}
