import type { DoctorCheck } from '../../contract/app.ts'
import { type Colours, colours } from '../colours.ts'
import { EXIT } from '../exit-codes.ts'
import { plainText } from '../plain-text.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = ['mole doctor', 'mole doctor --json | jq ".checks[] | select(.state != \\"ok\\")"']

const mark = (state: DoctorCheck['state'], { red, green, yellow }: Colours): string =>
  ({ ok: green('✓'), missing: red('✗'), warning: yellow('!') })[state]

const renderCheck = (check: DoctorCheck, paint: Colours): string => {
  const remedy = check.remedy === null ? '' : `\n    To get it: ${plainText(check.remedy)}`
  return `${mark(check.state, paint)} ${check.title}: ${plainText(check.detail)}${remedy}`
}

const verdict = (missing: number): string =>
  missing === 0 ? 'Nothing is missing.' : `${missing} ${missing === 1 ? 'thing is' : 'things are'} missing.`

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
    const lines = checks.map((check) => renderCheck(check, colours(world.hasColour)))
    report.result({ healthy: missing === 0, checks }, [...lines, verdict(missing)].join('\n'))
    return missing === 0 ? EXIT.ok : EXIT.notAvailable
  })
}
