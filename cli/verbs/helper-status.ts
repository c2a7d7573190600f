import { EXIT } from '../exit-codes.ts'
import { helperStatusFields, renderHelperStatus } from '../render-helper-status.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = ['mole helper status', 'mole helper status --json | jq -r .answer']

/** `mole helper status`: whether it is there, for whom, and whether it answers you. */
export const addHelperStatus: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('status')
    .summary('whether it is installed, for whom, and whether it answers you')
    .description(
      'Tells whether the helper is installed, for whom, and whether it answers you. Exit code 0 means that it does.',
    )
  finishVerb(command, toolbox, EXAMPLES, async (report) => {
    const status = await world.hostHelper.status('/')
    report.result(helperStatusFields(status), renderHelperStatus(status))
    return status.answer === 'answers' ? EXIT.ok : EXIT.unreachable
  })
}
