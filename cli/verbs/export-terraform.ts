import { addConfigOptions, type ConfigOptions, configRequestOf } from '../config-request.ts'
import { EXIT } from '../exit-codes.ts'
import { planOfRequest } from '../plan-of-request.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = [
  'mole export terraform bastions --vpc vpc-12345 --tunnels 4',
  'mole export terraform bastions --profile research-vpc',
]

/** `mole export terraform`: Terraform files that make the bastions of a plan. */
export const addExportTerraform: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('terraform')
    .summary('write Terraform files that make the bastions of a plan')
    .description(
      'Writes main.tf, variables.tf, outputs.tf, terraform.tfvars and a README.md that make the same bastions as "mole up" would, for Terraform or OpenTofu. Nothing is written over, and nothing is made.\nWhat the plan leaves open is looked up with your AWS credentials; without them Terraform looks it up, or asks. The public keys of this host are left open: "mole up --via terraform" fills them in and runs Terraform itself.',
    )
    .argument('[directory]', 'where to; it is made where it is not there', '.')
  addConfigOptions(command)
  finishVerb<ConfigOptions>(command, toolbox, EXAMPLES, async (report, options, [directory = '.']) => {
    const request = await configRequestOf(world, options)
    const plan = await planOfRequest(world, report, request)
    const engine = await world.engine.findOrStart()
    const { files } = await engine.call('terraform.export', { plan })
    const written = await world.writeNewFiles(directory, files)
    report.result({ files: written }, written.join('\n'))
    return EXIT.ok
  })
}
