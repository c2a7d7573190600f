import type { OptimizeTrial } from '../../contract/app.ts'
import type { HostLoad } from '../../contract/helper.ts'
import type { TrialOption } from '../../domain/trial-option.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { HostManner } from '../deployment/planned-host.ts'

/** How goodput is measured. */
export type Measuring = {
  readonly seconds: number
  /** Connections over the bundle; left out: as many as its tunnels want. */
  readonly streams?: number
  readonly protocol?: 'tcp' | 'mptcp'
}

/** What can be changed of the bundle itself: this is recorded at once, and taken back by what was noted before. */
export type Bundle = Pick<DeploymentPlan, 'tunnels' | 'carriage'>

/** What trials are made on. */
export type TrialGround = {
  /** @throws MoleError `not-found` when nothing is up. */
  plan(): DeploymentPlan
  /** Options that are recorded as better; `[]` when nothing is up. */
  tuned(): HostManner['tuned']
  /** Tries a manner without recording it; `null` goes back to what is recorded. */
  tune(manner: HostManner | null): Promise<void>
  /** Records a manner as better, and has it in force. */
  keep(manner: HostManner): Promise<void>
  /** Has the bundle so for now: whoever begins next takes it back, unless it is settled before. */
  attempt(change: Partial<Bundle>): Promise<void>
  /** The bundle stays as it is now. */
  settle(): void
  /** Takes back what was attempted and not settled; `signal` ends its patience with an act that is in the way. */
  restore(signal: AbortSignal): Promise<void>
  load(): Promise<HostLoad>
  /** Goodput over the bundle, bits per second. */
  measure(how: Measuring, signal: AbortSignal): Promise<number>
}

export type Kind = 'without' | 'with'

/** One thing that is tried. */
export type Subject = {
  readonly option: TrialOption
  readonly change: OptimizeTrial['change']
  /** Why there is nothing to try; `null` when there is. It may have it in force to find out. */
  lacks(): Promise<string | null>
  have(kind: Kind): Promise<void>
  measure(kind: Kind, seconds: number, signal: AbortSignal): Promise<number>
  /** From here on it is so. */
  keep(): Promise<void>
  /** From here on it is as it was. */
  takeBack(signal: AbortSignal): Promise<void>
}
