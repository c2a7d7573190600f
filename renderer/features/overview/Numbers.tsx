import type { DeploymentView } from '../../../contract/app.ts'
import { quantifyBytes, quantifyMs, quantifyRate, quantifyRatio, renderBytes } from '../../ui/format.ts'
import { Measure } from '../../ui/Measure.tsx'
import { Measures } from '../../ui/Measures.tsx'
import { totalsOf } from '../telemetry/totals.ts'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import { CostMeasure } from './CostMeasure.tsx'

/** The lab costs nothing; of a cloud it is not known yet. */
const WithoutMoney = ({ view }: { readonly view: DeploymentView }) =>
  view.plan?.target === 'aws' ? (
    <Measure label="Cost" quantity={null} note="not known yet" />
  ) : (
    <Measure label="Cost" quantity={{ value: '$0', unit: 'per hour' }} note="runs on this machine" />
  )

/** The numbers of the whole bundle, now. */
export const Numbers = ({
  view,
  className,
}: {
  readonly view: DeploymentView
  readonly className?: string | undefined
}) => {
  const latest = useLiveSample(view)
  const totals = latest === null || latest.tunnels.length === 0 ? null : totalsOf(latest)
  const moved = totals === null ? null : totals.upBytes + totals.downBytes
  return (
    <Measures label="Numbers now" className={className}>
      <Measure
        label="Goodput up"
        mark="↑"
        quantity={totals && quantifyRate(totals.upBitsPerSecond)}
        note="payload, all tunnels"
      />
      <Measure
        label="Goodput down"
        mark="↓"
        quantity={totals && quantifyRate(totals.downBitsPerSecond)}
        note="payload, all tunnels"
      />
      <Measure
        label="Round trip"
        quantity={totals?.rttMs == null ? null : quantifyMs(totals.rttMs)}
        note="median of the tunnels"
      />
      <Measure
        label="Loss"
        quantity={totals?.lossRatio == null ? null : quantifyRatio(totals.lossRatio)}
        note="of echoes"
      />
      <Measure
        label="Moved"
        quantity={moved === null ? null : quantifyBytes(moved)}
        note={totals === null ? undefined : `↑ ${renderBytes(totals.upBytes)}  ↓ ${renderBytes(totals.downBytes)}`}
      />
      {view.money === null ? <WithoutMoney view={view} /> : <CostMeasure money={view.money} />}
    </Measures>
  )
}
