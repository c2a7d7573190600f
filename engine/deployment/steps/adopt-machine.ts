import { MoleError } from '../../../contract/errors.ts'
import type { ObservedBastion } from '../../cloud/provider.ts'
import { bastionOf } from '../bastion-record.ts'
import type { StepContext } from '../step.ts'

/** What tells one machine from the next under the same bastion's name; the lab's bastions are their own machines. */
const machineOf = ({ id, machine }: ObservedBastion): string => machine?.instanceId ?? id

/** Takes the machine that was seen for the one that was launched. @throws MoleError `drift` when it is another. */
export const adoptMachine = (context: StepContext, bastion: ObservedBastion): void => {
  const known = bastionOf(context.record(), bastion.index).machineId
  if (known === machineOf(bastion)) return
  if (known === null) {
    context.rememberBastion(bastion.index, { machineId: machineOf(bastion) })
    return
  }
  throw new MoleError('drift', `Another machine answers as the bastion ${bastion.id} than the one we launched.`, {
    field: 'bastion',
    meaning: `It is ${machineOf(bastion)}; ours was ${known}. No tunnel was made to it.`,
    nextStep: 'Run "mole down" and deploy again.',
  })
}
