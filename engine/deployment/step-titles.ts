import type { StepId } from '../../contract/app.ts'

const TITLES: Readonly<Record<StepId, string>> = {
  'prepare-host': 'Prepare the host',
  'make-keys': 'Make the host’s keys',
  'prepare-cloud': 'Prepare the cloud’s network',
  'launch-bastion': 'Launch the bastions',
  'await-keys': 'Wait for the bastions’ keys',
  'apply-host': 'Bring up the tunnels',
  verify: 'Verify that payload flows',
  'retire-bastion': 'Terminate bastions no longer needed',
  'rotate-keys': 'Replace the tunnels’ keys',
  'revert-host': 'Take down the tunnels',
  'terminate-bastion': 'Terminate the bastions',
  'remove-host': 'Remove the helper and its files',
  'prove-clean': 'Prove that nothing is left',
}

export const titleOf = (step: StepId): string => TITLES[step]
