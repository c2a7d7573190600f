import { parseKey } from '../../config-flags.ts'
import { notInThisVersion } from '../../not-in-this-version.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly profile?: string; readonly region?: string }

/** `mole init`: of the specification; not in this version. */
export const addInit: AddVerb = (program, toolbox) => {
  const command = program
    .command('init')
    .summary('set up AWS credentials')
    .description(
      'Not part of this version: AWS credentials cannot be checked yet. What is given is checked, and nothing is changed.\nTo keep both for later: aws.profile and aws.region in the configuration ("mole config explain aws").',
    )
    .option('--profile <name>', 'credentials profile of ~/.aws/config')
    .option('--region <region>', 'region, such as us-west-2')
  finishVerb<Options>(command, toolbox, ['mole init --profile research-aws --region us-west-2'], async (_, options) => {
    if (options.profile !== undefined) parseKey('aws.profile', '--profile', options.profile)
    if (options.region !== undefined) parseKey('aws.region', '--region', options.region)
    throw notInThisVersion('"mole init"', {
      field: 'init',
      meaning: 'It would check AWS credentials and a region; this version does not speak to AWS. Nothing was changed.',
      nextStep: 'The lab needs no account: mole up --target lab',
    })
  })
}
