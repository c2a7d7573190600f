import { parseKey } from '../../config-flags.ts'
import { notInThisVersion } from '../../not-in-this-version.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly region?: string; readonly saveResults?: boolean }

/** `mole probe`: of the specification; not in this version. */
export const addProbe: AddVerb = (program, toolbox) => {
  const command = program
    .command('probe')
    .summary('measure the network')
    .description(
      'Not part of this version: the network cannot be measured yet. What is given is checked, and nothing is measured.\nWhat works now: "mole lab traffic" measures what the tunnels of the lab carry.',
    )
    .option('--region <region>', 'region to measure to, such as us-west-2')
    .option('--save-results', 'keep what was measured for "up --auto-optimize"')
  finishVerb<Options>(command, toolbox, ['mole probe --region us-west-2 --save-results'], async (_, options) => {
    if (options.region !== undefined) parseKey('aws.region', '--region', options.region)
    throw notInThisVersion('"mole probe"', {
      field: 'probe',
      meaning: 'It would find the path MTU, latencies and bandwidth. Nothing was measured.',
      nextStep: '"mole lab traffic" measures what the tunnels of the lab carry.',
    })
  })
}
