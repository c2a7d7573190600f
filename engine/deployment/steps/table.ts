import type { StepId } from '../../../contract/app.ts'
import type { StepDefinition } from '../step.ts'
import { applyHost } from './apply-host.ts'
import { awaitKeys } from './await-keys.ts'
import { launchBastion } from './launch-bastion.ts'
import { makeKeys } from './make-keys.ts'
import { prepareCloud } from './prepare-cloud.ts'
import { prepareHost } from './prepare-host.ts'
import { proveClean } from './prove-clean.ts'
import { removeHost } from './remove-host.ts'
import { retireBastion } from './retire-bastion.ts'
import { revertHost } from './revert-host.ts'
import { rotateKeys } from './rotate-keys.ts'
import { terminateBastion } from './terminate-bastion.ts'
import { verify } from './verify.ts'

export const STEPS: Readonly<Record<StepId, StepDefinition>> = {
  'prepare-host': prepareHost,
  'make-keys': makeKeys,
  'prepare-cloud': prepareCloud,
  'launch-bastion': launchBastion,
  'await-keys': awaitKeys,
  'apply-host': applyHost,
  verify,
  'retire-bastion': retireBastion,
  'rotate-keys': rotateKeys,
  'revert-host': revertHost,
  'terminate-bastion': terminateBastion,
  'remove-host': removeHost,
  'prove-clean': proveClean,
}
