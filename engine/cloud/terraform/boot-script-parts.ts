import { MoleError } from '../../../contract/errors.ts'
import { type DeploymentPlan, slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import { renderUserData } from '../aws/user-data.ts'

/** A bastion's boot script around the place where the DTN's public keys go. */
export type BootScriptParts = { readonly before: string; readonly after: string }

/** Keys of nobody, well-formed, that stand where the keys will. */
const standIns = (index: number): string[] =>
  slotsOfBastion(index).map((slot) => Buffer.alloc(32, slot).toString('base64'))

/**
 * The script that bastion `index` (from 1) boots by, the same as without Terraform, but for the keys.
 * @throws MoleError `bad-input` naming what the bastion cannot be told.
 */
export const bootScriptParts = async (plan: DeploymentPlan, index: number): Promise<BootScriptParts> => {
  const keys = standIns(index)
  const [before, after, ...more] = (await renderUserData(plan, index, keys)).split(keys.join(' '))
  if (before === undefined || after === undefined || more.length > 0)
    throw new MoleError('internal', 'The boot script does not hold the DTN’s keys exactly once.')
  return { before, after }
}
