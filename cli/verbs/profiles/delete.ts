import { MoleError } from '../../../contract/errors.ts'
import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly yes?: boolean }

const EXAMPLES = ['mole profiles delete research-vpc', 'mole profiles delete research-vpc --yes']

const cannotAsk = (name: string): MoleError =>
  new MoleError('bad-input', 'There is no terminal to ask you on, and --yes was not given.', {
    field: '--yes',
    meaning: `The profile "${name}" is still there.`,
    nextStep: 'Add --yes to delete it without being asked.',
  })

const declined = (name: string): MoleError =>
  new MoleError('cancelled', 'Not confirmed.', {
    meaning: `The profile "${name}" is still there.`,
    nextStep: 'Give the command again when ready.',
  })

/** `mole profiles delete`: its text stays as a backup. */
export const addProfilesDelete: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('delete')
    .summary('delete one; "restore" brings it back')
    .description(
      'Deletes a profile, after a question. Its text is kept as a backup, which "mole profiles restore" brings back. A deployment that is up by it is not touched.',
    )
    .argument('<name>', 'name of the profile')
    .option('--yes', 'do not ask')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { yes = false }, [operand = '']) => {
    const name = parseProfileName(operand, '<name>')
    const { revision } = await world.profiles.read(name)
    if (!yes && !world.isInteractive) throw cannotAsk(name)
    if (!yes && (await world.confirm(`Delete the profile ${name}?`)) !== true) throw declined(name)
    await world.profiles.remove(name, revision)
    report.result({ name }, `${name} is deleted. To bring it back: mole profiles restore ${name}`)
    return EXIT.ok
  })
}
