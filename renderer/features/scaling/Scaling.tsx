import { useLiveStream } from '../../app/use-live-stream.ts'
import { Page } from '../../ui/Page.tsx'
import { type Standing, WithTunnels } from '../deployment/WithTunnels.tsx'
import { AutoscalePanel } from './AutoscalePanel.tsx'
import { DecisionsPanel } from './DecisionsPanel.tsx'
import css from './Scaling.module.css'
import { SizePanel } from './SizePanel.tsx'
import { UtilisationPanel } from './UtilisationPanel.tsx'

const Content = ({ view, plan }: Standing) => {
  const { value, problem } = useLiveStream('autoscale.watch')
  return (
    <div className={css.grid}>
      <SizePanel view={view} plan={plan} autoscale={value} />
      <UtilisationPanel view={view} autoscale={value} problem={problem} />
      <AutoscalePanel view={view} plan={plan} autoscale={value} problem={problem} />
      <DecisionsPanel autoscale={value} problem={problem} />
    </div>
  )
}

/** How many tunnels there are: by hand, with what that will do; and by itself, with its reasons. */
export const Scaling = () => (
  <Page title="Scaling" lead="How many tunnels carry the traffic, and who decides that: you, or the load.">
    <WithTunnels title="Size" promise="Once tunnels are up, their number is changed here, by hand or by the load.">
      {(standing) => <Content {...standing} />}
    </WithTunnels>
  </Page>
)
