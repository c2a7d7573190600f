import { EXIT } from '../exit-codes.ts'
import { renderChecks, renderVerdict } from '../render-checks.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = ['mole doctor', 'mole doctor --json | jq ".checks[] | select(.state != \\"ok\\")"']

/** `mole doctor`: what this machine lacks, and how to get it. */
export const addDoctor: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('doctor')
    .summary('show what this machine lacks and how to get it')
    .description(
      'Looks for the programs, kernel features and permissions that Cloud Mole needs. It changes nothing and needs no engine.',
    )
  finishVerb(command, toolbox, EXAMPLES, async (report) => {
    const checks = await world.observeDoctor()
    const missing = checks.filter(({ state }) => state === 'missing').length
    report.result(
      { healthy: missing === 0, checks },
      `${renderChecks(checks, world.hasColour)}\n${renderVerdict(missing)}`,
    )
    return missing === 0 ? EXIT.ok : EXIT.notAvailable
  })
}
