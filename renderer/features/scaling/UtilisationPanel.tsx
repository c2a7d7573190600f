import { Skeleton } from '@mantine/core'
import type { AutoscaleView, DeploymentView, Problem } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { quantifyRate, quantifyShare, renderRate } from '../../ui/format.ts'
import { Measure } from '../../ui/Measure.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import { Cooldowns } from './Cooldowns.tsx'
import css from './Utilisation.module.css'
import { UtilisationChart } from './UtilisationChart.tsx'
import { utilisationOf } from './utilisation-path.ts'

type NowProps = { readonly view: DeploymentView; readonly autoscale: AutoscaleView; readonly capacity: number }

const Now = ({ view, autoscale, capacity }: NowProps) => {
  const latest = useLiveSample(view)
  const now = latest === null ? null : utilisationOf(latest, capacity)
  const { utilisation, goodputBitsPerSecond: goodput } = autoscale
  return (
    <dl className={css.now}>
      <Measure
        label="Utilisation now"
        quantity={now === null ? null : quantifyShare(now)}
        note="of the busier direction"
      />
      <Measure
        label="At the last look"
        quantity={utilisation === null ? null : quantifyShare(utilisation)}
        note={goodput === null ? 'nothing measured' : `${renderRate(goodput)} on average`}
      />
      <Measure label="One tunnel carries" quantity={quantifyRate(capacity)} note={autoscale.capacityOrigin} />
    </dl>
  )
}

const Unknown = ({ autoscale }: { readonly autoscale: AutoscaleView }) => (
  <EmptyNote
    title="What one tunnel carries is not known yet"
    text={`${autoscale.capacityOrigin === '' ? 'It is measured as soon as a tunnel is full.' : `${autoscale.capacityOrigin.charAt(0).toUpperCase()}${autoscale.capacityOrigin.slice(1)}.`} Until then only a large flow adds a tunnel.`}
  />
)

type Props = {
  readonly view: DeploymentView
  readonly autoscale: AutoscaleView | null
  readonly problem: Problem | null
}

/** How full the tunnels are, against the thresholds; and when the next step may be taken. */
export const UtilisationPanel = ({ view, autoscale, problem }: Props) => {
  const capacity = autoscale?.capacityPerTunnelBitsPerSecond ?? null
  return (
    <Panel title="Utilisation">
      {problem !== null && <ProblemNote problem={problem} tone="warn" />}
      {autoscale === null ? (
        problem === null && <Skeleton height={300} radius="sm" aria-busy="true" />
      ) : (
        <>
          {capacity === null ? (
            <Unknown autoscale={autoscale} />
          ) : (
            <>
              <Now view={view} autoscale={autoscale} capacity={capacity} />
              <UtilisationChart
                capacityPerTunnel={capacity}
                upThreshold={autoscale.settings.upThreshold}
                downThreshold={autoscale.settings.downThreshold}
              />
            </>
          )}
          <Cooldowns autoscale={autoscale} />
        </>
      )}
    </Panel>
  )
}
