import type { DeploymentView, TelemetrySample } from '../../../contract/app.ts'
import { useTelemetry } from './telemetry-store.ts'

/** The newest sample; `null` when there is none, or when nobody measures: old numbers would look like new ones. */
export const useLiveSample = (view: DeploymentView): TelemetrySample | null => {
  const latest = useTelemetry((state) => state.latest)
  return view.phase === 'detached' || view.tunnels.length === 0 ? null : latest
}
