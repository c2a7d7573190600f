import { Option } from 'commander'
import { bringUp, type UpOptions } from '../bring-up.ts'
import { addConfigOptions, configRequestOf } from '../config-request.ts'
import { orderOfRequest } from '../plan-of-request.ts'
import { TERRAFORM_PROGRAMS } from '../terraform/find-terraform.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = [
  'mole up --target lab --tunnels 4          # shows what would be made, and asks',
  'mole up --target lab --tunnels 4 --yes --json',
  'mole up --vpc vpc-12345 --tunnels 4 --instance-type c6gn.medium   # in AWS: every resource and its price first',
  'mole up --region us-west-2 --tunnels 8 --spot --budget 25 --at-budget shut-down',
  'mole up --profile research-vpc --tunnels 2   # a saved profile; options win over it',
  'mole up --file research.yaml              # a configuration document in its place',
  'mole up --target lab --auto-optimize      # probes first, and has what was measured choose',
  'mole up --vpc vpc-12345 --via terraform   # Terraform makes the bastions; its plan is shown first',
]

/** `mole up`: reviews a plan, makes it, and shows each step. */
export const addUp: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('up')
    .summary('make a bundle of tunnels')
    .description(
      'Shows what a plan would make and for how much, asks, and makes it. Where the plan is up already it is repaired, or its tunnels and bastions changed.\nThe plan comes from your configuration, a profile or a document, and these options, which win; "mole config show" tells.\n--profile is a profile that "mole create-profile" saved; the credentials profile of "mole init --profile" is --aws-profile here.\nWith --auto-optimize (deployment.auto_optimize) the network is probed first, in AWS with a short-lived instance whose price is shown; what was measured then chooses tunnels, MTU, Multipath TCP, tuning and instance type, each with its reason, but for what you give as an option. Where the probe fails you are asked whether to go on without; with --yes it ends there.\nCtrl-C cancels and takes back what was made; the tunnels and the engine live on when this command has ended.',
    )
    .option('--yes', 'do not ask')
    .addOption(
      new Option('--via <program>', 'have an installed Terraform or OpenTofu make the bastions (aws)').choices(
        TERRAFORM_PROGRAMS,
      ),
    )
  addConfigOptions(command)
  finishVerb<UpOptions>(command, toolbox, EXAMPLES, async (report, options) => {
    const request = await configRequestOf(world, options)
    const order = await orderOfRequest(world, report, request)
    return bringUp(world, report, options, { ...order, profile: request.profile ?? null })
  })
}
