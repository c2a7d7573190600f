import type { Problem, Review } from '../../contract/app.ts'
import type { Client } from '../../contract/define.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { BastionEndpoint, DeploymentPlan, TargetId } from '../../domain/tunnel-plan.ts'

export type HelperClient = Client<HelperContract>

/** A bastion as the cloud says it is now. */
export type ObservedBastion = {
  readonly id: string
  readonly state: 'booting' | 'running' | 'failed'
  readonly publicAddress: string
  readonly privateCidr: string
  /** Address of a known test resource in the private subnet, `null` where there is none (AWS). */
  readonly resourceAddress: string | null
  /** Slots whose internet path was broken on purpose (lab only). */
  readonly brokenSlots: readonly number[]
}

/** What a bastion is made from. The id is stable, so that launching again after a crash adopts what is there. */
export type BastionRequest = {
  readonly id: string
  readonly deploymentId: string
  readonly plan: DeploymentPlan
  /** The DTN's public key of each tunnel slot, 1-based order. */
  readonly hostPublicKeys: readonly string[]
}

/** Where the tunnels' near end lives: this machine's helper, or the lab's DTN. */
export type HostAccess = {
  /** Starts the helper if it is not there, and connects. Idempotent. */
  ensure(signal: AbortSignal): Promise<HelperClient>
  /** Connects to a helper that is already there; `null` when there is none. */
  find(): Promise<HelperClient | null>
  /** Whether what a helper served can still be there, so that a new one would find it (lab: its world lives). */
  lives(): Promise<boolean>
  /** Ends the helper and all it holds for us (lab: the whole world, its processes and files). Idempotent. */
  remove(): Promise<void>
}

/**
 * A cloud as the engine sees it. Every method is idempotent, because the engine repeats it after a crash.
 * Errors are `MoleError`.
 */
export type CloudProvider = {
  readonly id: TargetId
  readonly title: string
  readonly summary: string
  readonly host: HostAccess
  /** `null` when it can be used here and now, otherwise why not and what to do. */
  problem(): Promise<Problem | null>
  review(plan: DeploymentPlan): Promise<Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'>>
  observe(deploymentId: string): Promise<readonly ObservedBastion[]>
  launch(request: BastionRequest, signal: AbortSignal): Promise<ObservedBastion>
  /** The ends the bastion has published so far, one per slot; `[]` while it boots. Throws when its boot failed. */
  publishedEnds(bastion: ObservedBastion): Promise<readonly BastionEndpoint[]>
  /** Terminates every bastion of the deployment and waits until it is gone. */
  terminate(deploymentId: string, signal: AbortSignal): Promise<void>
  /** Everything of the deployment that is still there, named; `[]` is the proof of a clean teardown. */
  leftovers(deploymentId: string): Promise<readonly string[]>
}
