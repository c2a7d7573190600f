import type { Clock } from '../clock.ts'
import type { CloudObservation, CloudProvider, HelperClient, Tell, Whose } from '../cloud/provider.ts'
import type { BastionRecord, DeploymentRecord } from '../store/deployment-table.ts'

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
  /** The deployment as a provider is told of it; `null` in a teardown of what is not recorded. */
  whose(): Whose | null
  /** Changes the record; on disk when it returns. */
  remember(change: Partial<Pick<DeploymentRecord, 'connectedAtMs'>>): void
  /** Changes what is remembered of one bastion; on disk when it returns. */
  rememberBastion(index: number, change: Partial<Omit<BastionRecord, 'index'>>): void
  forgetBastion(index: number): void
  readonly log: Tell
  onObservation(observation: CloudObservation): void
  onFindings(findings: readonly TunnelFinding[]): void
  /** One bastion could not be made; the act goes on without it. */
  onShortfall(index: number, error: unknown): void
  /** Slots of the tunnels that are to get new keys. */
  readonly toRotate: readonly number[]
  /** A bastion cannot change its keys. */
  onAgentless(index: number): void
}

export type StepRun = (context: StepContext) => Promise<void>

/** One step: how long it may take, and what it does. It must be safe to run again at any point. */
export type StepDefinition = { readonly limitMs: number; readonly run: StepRun }
