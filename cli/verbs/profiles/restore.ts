import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

/** `mole profiles restore`: the text before. */
export const addProfilesRestore: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('restore')
    .summary('go back to the text before, also of one deleted')
    .description(
      'Puts the text that a profile had before it was last saved or deleted in its place, and keeps the present one as the backup: giving it again goes back.',
    )
    .argument('<name>', 'name of the profile')
  finishVerb(command, toolbox, ['mole profiles restore research-vpc'], async (report, _options, [operand = '']) => {
    const name = parseProfileName(operand, '<name>')
    const { revision } = await world.profiles.restore(name)
    report.result({ name, revision }, `${name} has its text before again.`)
    return EXIT.ok
  })
}
