import { MoleError } from '../../contract/errors.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { TrialOption } from '../../domain/trial-option.ts'
import { TUNING_KEYS, TuningOption } from '../../domain/tuning.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'

export const busy = (): MoleError =>
  new MoleError('conflict', 'The host is being optimised already.', {
    field: 'optimize',
    meaning: 'One trial would disturb the other.',
    nextStep: 'Wait for its end, or stop it.',
  })

/** @param reason why not now, as a sentence */
export const notNow = (reason: string): MoleError =>
  new MoleError('conflict', reason, {
    field: 'optimize',
    meaning: 'Two that measure at once disturb each other. Nothing was changed.',
    nextStep: 'Wait for its end, or cancel it.',
  })

export const notMeasured = (apply: 'always' | 'never'): MoleError =>
  new MoleError('conflict', `This deployment's host is ${apply} tuned.`, {
    field: 'optimization.apply',
    meaning:
      apply === 'always'
        ? 'All that is wanted is in force whatever it measures, so that nothing can be tried.'
        : 'Whatever measured better would not be kept.',
    nextStep: 'Set optimization.apply to "measured", and connect again.',
  })

export const notWanted = (option: TrialOption): MoleError => {
  const tuning = TuningOption.safeParse(option)
  return new MoleError('bad-input', `"${option}" is not wanted by what is deployed.`, {
    field: 'options',
    meaning: 'How it would be set is not known. Nothing was changed.',
    nextStep: tuning.success
      ? `Set ${TUNING_KEYS[tuning.data]} in the profile or configuration, and connect again.`
      : 'It is tried by what a probe recommends: "mole probe", then "mole optimize --from-probe".',
  })
}

export const notRecommended = (option: TrialOption): MoleError =>
  new MoleError('bad-input', `The probe recommends no other "${option}" than there is.`, {
    field: 'options',
    meaning: 'Nothing was changed.',
    nextStep: 'Leave it out: "mole optimize --from-probe" tries all that would be another.',
  })

export const nothingWanted = (): MoleError =>
  new MoleError('bad-input', 'What is deployed wants nothing tuned.', {
    field: 'options',
    meaning: 'There is nothing to try.',
    nextStep: 'Set something in the section "optimization" of the profile or configuration, and connect again.',
  })

export const nothingToChange = (): MoleError =>
  new MoleError('bad-input', 'Nothing that the probe recommends can be tried while this is up.', {
    field: 'fromProbe',
    meaning: 'It is so already, or takes "mole down" and "mole up".',
    nextStep: 'See what it recommends: "mole probes show".',
  })

export const noRecommendation = (id: string | null): MoleError =>
  new MoleError(
    'not-found',
    id === null ? 'No probe has recommended anything yet.' : `The probe ${id} recommends nothing.`,
    {
      field: 'fromProbe',
      meaning:
        id === null
          ? 'Nothing is known of this network by which what is up could be improved.'
          : 'It was broken off, or measured too little for it.',
      nextStep: 'Measure first: "mole probe".',
    },
  )

/** A probe that measured what is not up, and what is. */
export const otherTarget = (
  { id, targetName, request: { target } }: Pick<ProbeReport, 'id' | 'targetName' | 'request'>,
  up: Pick<DeploymentPlan, 'target' | 'aws'>,
): MoleError => {
  const measured = target.kind === 'deployment' ? `${targetName}, of an earlier deployment` : targetName
  const where = up.aws?.region == null ? up.target : `${up.target}, ${up.aws.region}`
  return new MoleError('conflict', `The probe ${id} measured towards "${measured}", and what is up is "${where}".`, {
    field: 'fromProbe',
    meaning: 'What one network can do says nothing of another. Nothing was changed.',
    nextStep: 'Probe what is up: "mole probe --deployment".',
  })
}
