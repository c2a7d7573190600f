import { MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { parseKey } from '../../config-flags.ts'
import { notInThisVersion } from '../../not-in-this-version.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'
import { wholeNumber } from '../../whole-number.ts'

type Options = { readonly tunnels?: string; readonly strategy?: string; readonly mptcp?: boolean }

const EXAMPLES = ['mole multi-up --tunnels 6 --strategy adaptive --mptcp']

/** `mole multi-up`: of the specification; not in this version. */
export const addMultiUp: AddVerb = (program, toolbox) => {
  const command = program
    .command('multi-up')
    .summary('tunnels with Multipath TCP over them')
    .description(
      'Not part of this version: Multipath TCP (RFC 8684) over the tunnels, so that one connection uses them all. What is given is checked, and nothing is made.\nWhat works now: "mole up --tunnels N" spreads connections over the tunnels, each by one of them.',
    )
    .option('--tunnels <n>', 'number of tunnels')
    .option('--strategy <strategy>', 'how segments are spread: roundrobin, redundant or adaptive')
    .option('--mptcp', 'offer MPTCP over the tunnels')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (_, { tunnels, strategy }) => {
    if (tunnels !== undefined) parseKey('deployment.tunnels', '--tunnels', tunnels, wholeNumber)
    if (strategy !== undefined) parseKey('mptcp.scheduler', '--strategy', strategy)
    throw notInThisVersion('"mole multi-up"', {
      field: 'multi-up',
      meaning: 'It would offer Multipath TCP over the tunnels. Nothing was made.',
      nextStep: `Several connections use several tunnels as it is: mole up --tunnels ${Math.min(Number(tunnels ?? 4), MAX_TUNNELS_PER_BASTION)}`,
    })
  })
}
