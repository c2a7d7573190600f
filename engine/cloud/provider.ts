import type { CloudResource, Problem, Review } from '../../contract/app.ts'
import type { Client } from '../../contract/define.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { BastionEndpoint, DeploymentPlan, TargetId } from '../../domain/tunnel-plan.ts'

export type HelperClient = Client<HelperContract>

/** The machine a bastion runs on, where there is one of its own (AWS). */
export type Machine = {
  readonly instanceId: string
  readonly instanceType: string
  readonly zone: string
  readonly market: 'on-demand' | 'spot'
  /** What a Spot instance costs now, US dollars an hour; `null` where nobody knows it, and for on-demand. */
  readonly spotUsdPerHour: number | null
  readonly launchedAtMs: number
}

/** A bastion as the cloud says it is now. */
export type ObservedBastion = {
  readonly id: string
  /** 1-based; it tells which tunnel slots are its own. */
  readonly index: number
  /** `failed`: it did not boot, or was stopped or terminated by somebody; it must be launched anew. */
  readonly state: 'booting' | 'running' | 'failed'
  /** `''` while it has none yet. */
  readonly publicAddress: string
  readonly privateCidr: string
  /** Address of a known test resource in the private subnet, `null` where there is none (AWS). */
  readonly resourceAddress: string | null
  /** Slots whose internet path was broken on purpose (lab only). */
  readonly brokenSlots: readonly number[]
  /** `null` in the lab. */
  readonly machine: Machine | null
}

/** Which deployment is meant, and where it is. */
export type Whose = { readonly id: string; readonly plan: DeploymentPlan }

/** What a bastion is made from. The id is stable, so that launching again after a crash adopts what is there. */
export type BastionRequest = Whose & {
  readonly bastionId: string
  /** 1-based. */
  readonly index: number
  /** How many times this bastion was launched, this time included; recorded before the call. Part of the client token. */
  readonly launch: number
  /** The DTN's public key of each of its slots, in slot order. */
  readonly hostPublicKeys: readonly string[]
}

/** All that a cloud holds of one deployment. */
export type CloudObservation = {
  readonly bastions: readonly ObservedBastion[]
  /** Everything that exists, bastions too, for people. */
  readonly resources: readonly CloudResource[]
  /** What is not as we made it, in words; `[]` when all is. */
  readonly drift: readonly string[]
  /** This host has another address than the one the cloud lets in: to be mended at once, without a question. */
  readonly hasMoved: boolean
}

/** Tells the step's log what is being done. */
export type Tell = (line: string) => void

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

/** A short-lived machine that answers probes, by its id (the tag of all that belongs to it), where and as what. */
export type ProbeBastion = {
  readonly id: string
  /** Credentials; `null` for what the environment gives. */
  readonly profile: string | null
  readonly region: string
  /** `null`: one that carries enough. */
  readonly instanceType: string | null
  /** Only this network may call on it; `null`: the public address of this host. */
  readonly allowedCidr: string | null
}

/** Machines that a cloud makes to be measured towards. They end by themselves if nobody ends them. */
export type ProbeBastions = {
  /** What one makes and costs. */
  review(asked: ProbeBastion): Promise<Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'>>
  /** Makes one, or takes over what an earlier try made, and resolves when it answers `callerCidr`. */
  open(
    asked: ProbeBastion,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<{ readonly address: string; readonly callerCidr: string }>
  /** Takes away all that belongs to it, and proves it. Idempotent. @throws MoleError `drift`, `timeout`, … */
  remove(asked: ProbeBastion, tell: Tell, signal: AbortSignal): Promise<void>
}

/**
 * A cloud as the engine sees it. Every method is idempotent, because the engine repeats it after a crash.
 * Errors are `MoleError`. A look that is given the `signal` of an act is as patient as the act, which cannot go on
 * without it; any other is given up soon.
 */
export type CloudProvider = {
  readonly id: TargetId
  readonly title: string
  readonly summary: string
  readonly host: HostAccess
  /** How long to wait between two looks at what changes, ms. */
  readonly pollMs: number
  /** How often what is deployed is compared with what was made, ms; `null`: it cannot change behind our back. */
  readonly watchMs: number | null
  /** `null` when it can be used here and now, otherwise why not and what to do. */
  problem(): Promise<Problem | null>
  /** The plan with everything filled in that it leaves to the cloud; what is complete stays as it is. */
  complete(plan: DeploymentPlan): Promise<DeploymentPlan>
  /** What a complete plan makes and costs. */
  review(plan: DeploymentPlan): Promise<Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'>>
  observe(whose: Whose, signal?: AbortSignal): Promise<CloudObservation>
  /** Makes, or mends, what all bastions share (AWS: the security group and whom it lets in). */
  prepare(whose: Whose, tell: Tell, signal: AbortSignal): Promise<void>
  launch(request: BastionRequest, tell: Tell, signal: AbortSignal): Promise<ObservedBastion>
  /** The ends the bastion has published so far, one per slot; `[]` while it boots. @throws `bootFailure` when that failed. */
  publishedEnds(whose: Whose, bastion: ObservedBastion, signal?: AbortSignal): Promise<readonly BastionEndpoint[]>
  /** Terminates these bastions and waits until they are gone; the rest of the deployment stays. */
  terminate(whose: Whose, bastionIds: readonly string[], tell: Tell, signal: AbortSignal): Promise<void>
  /** Takes everything of the deployment away, in dependency order, and waits until it is gone. */
  remove(whose: Whose, tell: Tell, signal: AbortSignal): Promise<void>
  /** Where the cloud has machines for probes. */
  readonly probing?: ProbeBastions
  /** Everything of the deployment that is still there, named; `[]` is the proof. `null`: of no deployment that is recorded. */
  leftovers(whose: Whose | null, signal?: AbortSignal): Promise<readonly string[]>
}
