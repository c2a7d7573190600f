import { bastionPort, type DeploymentPlan, firstSlotOf } from '../../../domain/tunnel-plan.ts'
import { renderBootScript } from '../bastion/boot-script.ts'
import { readBootTemplate } from '../bastion/boot-template.ts'

/**
 * The boot script that a bastion gets as user data; it holds public keys only, or it is refused.
 * @param index number of the bastion, from 1
 * @throws MoleError `bad-input` naming what the bastion cannot be told; `denied` when a private key would go in.
 */
export const renderUserData = async (
  plan: DeploymentPlan,
  index: number,
  hostPublicKeys: readonly string[],
): Promise<string> =>
  renderBootScript(await readBootTemplate(), {
    firstSlot: firstSlotOf(index),
    hostPublicKeys: [...hostPublicKeys],
    firstPort: bastionPort(1),
    baseCidr: plan.baseCidr,
    privateCidr: plan.privateCidr,
    privateRouting: plan.aws?.routing ?? 'nat',
    mtuBytes: plan.mtuBytes,
    leaseSeconds: plan.aws?.leaseSeconds ?? 0,
    measure: true,
  })
