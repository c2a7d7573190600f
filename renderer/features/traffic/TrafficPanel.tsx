import type { DeploymentView } from '../../../contract/app.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { isUp } from '../deployment/phase.ts'
import { TrafficForm } from './TrafficForm.tsx'
import { TrafficReport } from './TrafficReport.tsx'
import { TrafficRunning } from './TrafficRunning.tsx'
import { useTraffic } from './traffic-store.ts'

/** Lab: load from the DTN to the private network's iperf3 server, and what iperf3 itself says of it. */
export const TrafficPanel = ({
  view,
  className,
}: {
  readonly view: DeploymentView
  readonly className?: string | undefined
}) => {
  const traffic = useTraffic((state) => state.traffic)
  return (
    <Panel title="Traffic" className={className}>
      {traffic?.running === true ? <TrafficRunning traffic={traffic} /> : <TrafficForm disabled={!isUp(view)} />}
      {traffic?.problem != null && <ProblemNote problem={traffic.problem} />}
      <TrafficReport report={traffic?.report ?? null} />
    </Panel>
  )
}
