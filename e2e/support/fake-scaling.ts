import type { AutoscaleView, DeploymentView, ScalingDecision } from '../../contract/app.ts'
import { Autoscale } from '../../domain/autoscale.ts'

const MINUTE_MS = 60_000

/** A morning's decisions, newest first. */
export const someDecisions = (nowMs: number): ScalingDecision[] => [
  {
    atMs: nowMs - 75_000,
    action: 'up',
    from: 3,
    to: 4,
    reason: 'Utilisation was 86 %, above the 80 % at which a tunnel is added: 474 Mbit/s of 552 Mbit/s.',
    outcome: 'Goodput rose from 474 to 662 Mbit/s.',
  },
  {
    atMs: nowMs - 6 * MINUTE_MS,
    action: 'hold',
    from: 3,
    to: 3,
    reason: 'Utilisation was 61 %, between the thresholds.',
    outcome: null,
  },
  {
    atMs: nowMs - 24 * MINUTE_MS,
    action: 'revert',
    from: 4,
    to: 3,
    reason: 'The step from 3 to 4 did not raise goodput: 512 Mbit/s before, 509 Mbit/s after.',
    outcome: 'The fourth tunnel was taken out again; no step up for 2 min.',
  },
  {
    atMs: nowMs - 26 * MINUTE_MS,
    action: 'up',
    from: 3,
    to: 4,
    reason: 'A flow to 10.200.0.10:5201 passed 105 MB: a tunnel is added at once.',
    outcome: 'Goodput did not rise.',
  },
  {
    atMs: nowMs - 52 * MINUTE_MS,
    action: 'down',
    from: 4,
    to: 3,
    reason: 'Utilisation was below 30 % for 10 min: 21 Mbit/s of 736 Mbit/s.',
    outcome: 'Three tunnels carry the rest.',
  },
]

/** What the autoscaler tells of a deployment in the lab that is busy. */
export const autoscaleOf = (
  view: DeploymentView,
  nowMs: number,
  change: Partial<AutoscaleView> = {},
): AutoscaleView => ({
  settings: view.plan?.autoscale ?? Autoscale.parse({}),
  goodputBitsPerSecond: view.tunnels.length === 0 ? null : view.tunnels.length * 165_000_000,
  capacityPerTunnelBitsPerSecond: 184_000_000,
  capacityOrigin: 'measured: the most one tunnel carried while it was full, last at 2026-11-21 14:52 UTC',
  utilisation: view.tunnels.length === 0 ? null : 0.9,
  decisions: [],
  nextLookAtMs: nowMs + 18_000,
  upAllowedAtMs: nowMs + 44_000,
  downAllowedAtMs: nowMs + 8 * MINUTE_MS,
  ...change,
})

/** The same deployment, scaling by itself. */
export const withAutoscale = (view: DeploymentView): DeploymentView =>
  view.plan === null ? view : { ...view, plan: { ...view.plan, autoscale: { ...view.plan.autoscale, enabled: true } } }
