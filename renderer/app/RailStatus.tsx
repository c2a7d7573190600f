import { useDeployment } from '../features/deployment/deployment-store.ts'
import { describePhase, isUp } from '../features/deployment/phase.ts'
import { useTelemetry } from '../features/telemetry/telemetry-store.ts'
import { totalGoodput } from '../features/telemetry/totals.ts'
import { renderRate } from '../ui/format.ts'
import { HealthMark } from '../ui/Health.tsx'
import { useConnection } from './connection-store.ts'
import css from './NavigationRail.module.css'

/** Phase and goodput, on every page. */
export const RailStatus = () => {
  const status = useConnection((state) => state.status)
  const view = useDeployment((state) => state.view)
  const latest = useTelemetry((state) => state.latest)
  if (view === null) return <div className={css.status} />
  const { level, title } = describePhase(view.phase)
  const total = latest === null ? 0 : totalGoodput(latest)
  return (
    <div className={css.status}>
      <p className={css.phase}>
        <HealthMark level={status === 'open' ? level : 'unknown'} />
        <span>{status === 'open' ? title : 'No connection'}</span>
      </p>
      {isUp(view) && status === 'open' && <p className={css.rate}>{renderRate(total)}</p>}
    </div>
  )
}
