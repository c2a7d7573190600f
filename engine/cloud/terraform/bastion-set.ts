import type { AwsPlan } from '../../../domain/aws-plan.ts'
import { bastionCount, type DeploymentPlan, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import type { BootScriptParts } from './boot-script-parts.ts'

/** Everything the Terraform files are written from. */
export type BastionSet = {
  /** Its target is AWS. What it leaves open (`null`, empty lists) is looked up, or asked for, by Terraform. */
  readonly plan: DeploymentPlan & { readonly aws: AwsPlan }
  /** Id of the deployment: `aws-3f9c2a`. */
  readonly deployment: string
  /** Boot script of each bastion, the first one's first. */
  readonly bootScripts: readonly BootScriptParts[]
  /** The DTN's public key of each slot, for each bastion; `null` leaves them to whoever applies the files. */
  readonly hostPublicKeys: readonly (readonly string[])[] | null
}

/** The provider these files were tried with; a newer one may read them otherwise. */
export const AWS_PROVIDER_VERSION = '5.100.0'
/** `for_each` over objects, `precondition`-free validation, `optional`: since 1.3, and in every OpenTofu. */
export const TERRAFORM_VERSION = '>= 1.3.0'

export const KEYS_PER_BASTION = MAX_TUNNELS_PER_BASTION

/** Names of the bastions within the set: `b1` … */
export const bastionNames = (plan: DeploymentPlan): string[] =>
  Array.from({ length: bastionCount(plan) }, (_, at) => `b${at + 1}`)
