import { useLiveStream } from '../../app/use-live-stream.ts'
import { Page } from '../../ui/Page.tsx'
import { type Standing, WithTunnels } from '../deployment/WithTunnels.tsx'
import { CarriagePanel } from './CarriagePanel.tsx'
import { FlowsPanel } from './FlowsPanel.tsx'

const Content = ({ view, plan }: Standing) => {
  const { value, problem } = useLiveStream('flows.watch')
  return (
    <>
      <FlowsPanel flows={value} problem={problem} elephantBytes={plan.autoscale.elephantBytes} />
      <CarriagePanel view={view} plan={plan} flows={value} />
    </>
  )
}

/** What rides the tunnels, which way, and how it finds its tunnel. */
export const Flows = () => (
  <Page title="Flows" lead="The TCP connections that ride the tunnels now, and how each finds its tunnel.">
    <WithTunnels
      title="Connections"
      promise="Once tunnels are up, each connection over them is shown here: its rate, its tunnel, and what holds it back."
    >
      {(standing) => <Content {...standing} />}
    </WithTunnels>
  </Page>
)
