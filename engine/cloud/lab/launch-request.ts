import { MoleError } from '../../../contract/errors.ts'
import { bastionPort, firstSlotOf, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { renderBootScript } from '../bastion/boot-script.ts'
import { readBootTemplate } from '../bastion/boot-template.ts'
import type { BastionRequest } from '../provider.ts'

const renderFor = async ({ index, plan, hostPublicKeys }: BastionRequest): Promise<string> =>
  renderBootScript(await readBootTemplate(), {
    firstSlot: firstSlotOf(index),
    hostPublicKeys: [...hostPublicKeys],
    firstPort: bastionPort(1),
    baseCidr: plan.baseCidr,
    privateCidr: plan.privateCidr,
    mtuBytes: plan.mtuBytes,
  })

const assertSlots = ({ hostPublicKeys }: BastionRequest): void => {
  if (hostPublicKeys.length >= 1 && hostPublicKeys.length <= MAX_TUNNELS_PER_BASTION) return
  throw new MoleError(
    'bad-input',
    `A bastion carries 1–${MAX_TUNNELS_PER_BASTION} tunnels, not ${hostPublicKeys.length}.`,
    {
      field: 'hostPublicKeys',
    },
  )
}

/**
 * What the helper is asked for to launch a bastion in the lab.
 * @throws MoleError `bad-input` when one bastion cannot carry so many tunnels.
 */
export const labLaunchOf = async (request: BastionRequest) => {
  assertSlots(request)
  const { bastionId, id: deploymentId, index, plan, hostPublicKeys } = request
  return {
    id: bastionId,
    deploymentId,
    bootScript: await renderFor(request),
    privateCidr: plan.privateCidr,
    firstSlot: firstSlotOf(index),
    slots: hostPublicKeys.length,
    firstPort: bastionPort(1),
    pathRateBitsPerSecond: plan.labPathRateBitsPerSecond,
  }
}
