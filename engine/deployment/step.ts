import type { Clock } from '../clock.ts'
import type { CloudProvider, HelperClient, ObservedBastion } from '../cloud/provider.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'

/** How the tunnels answered when they were tried. */
export type TunnelFinding = { readonly slot: number; readonly answered: boolean }

/** The link to the helper, shared by everything in the engine that talks to it. */
export type StepHost = {
  /** Finds or starts the helper. */
  ensure(signal: AbortSignal): Promise<HelperClient>
  /** The helper that is there, or `null`. */
  find(): Promise<HelperClient | null>
  /** Lets go of the connection, before the helper is ended. */
  release(): void
}

/** What a step may touch. */
export type StepContext = {
  readonly deploymentId: string
  readonly provider: CloudProvider
  readonly host: StepHost
  readonly clock: Clock
  readonly signal: AbortSignal
  /** The deployment as recorded. @throws MoleError `internal` in a teardown of what is not recorded. */
  record(): DeploymentRecord
  /** Changes the record; on disk when it returns. */
  remember(change: Partial<Pick<DeploymentRecord, 'ends' | 'connectedAtMs'>>): void
  log(line: string): void
  onBastion(bastion: ObservedBastion): void
  onFindings(findings: readonly TunnelFinding[]): void
}

export type StepRun = (context: StepContext) => Promise<void>

/** One step: how long it may take, and what it does. It must be safe to run again at any point. */
export type StepDefinition = { readonly limitMs: number; readonly run: StepRun }
