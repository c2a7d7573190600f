import type { StepId } from '../../contract/app.ts'

const TITLES: Readonly<Record<StepId, string>> = {
  'prepare-host': 'Prepare the host',
  'make-keys': 'Make the host’s keys',
  'launch-bastion': 'Launch the bastion',
  'await-keys': 'Wait for the bastion’s keys',
  'apply-host': 'Bring up the tunnels',
  verify: 'Verify that payload flows',
  'revert-host': 'Take down the tunnels',
  'terminate-bastion': 'Terminate the bastion',
  'remove-host': 'Remove the helper and its files',
  'prove-clean': 'Prove that nothing is left',
}

export const titleOf = (step: StepId): string => TITLES[step]
